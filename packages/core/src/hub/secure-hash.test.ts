import { createHash } from 'node:crypto';
import { array, property, uint8Array, assert as holds } from 'fast-check';
import { assert, describe, expect, it } from 'vitest';
import { sha1, sha256 } from './secure-hash';

describe.each([
  ['sha256', sha256],
  ['sha1', sha1],
] as const)('%s', (name, make) => {
  it('gives what Node gives, however the bytes are cut', () => {
    holds(
      property(array(uint8Array({ maxLength: 200 })), (pieces) => {
        const ours = make();
        const theirs = createHash(name);
        for (const piece of pieces) {
          ours.update(piece);
          theirs.update(piece);
        }
        assert.equal(ours.digest(), theirs.digest('hex'));
      }),
    );
  });

  it('pads every length around a block', () => {
    for (let length = 0; length < 200; length += 1) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 7) & 255);
      const hash = make();
      hash.update(bytes);
      expect(hash.digest()).toBe(createHash(name).update(bytes).digest('hex'));
    }
  });
});
