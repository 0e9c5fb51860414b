import type { AudioSignal } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { type Trim, trimBlocks } from './trim-blocks';

const values = Array.from({ length: 20 }, (_, n) => n);

async function* inBlocks(size: number): AsyncGenerator<AudioSignal> {
  for (let at = 0; at < values.length; at += size) {
    const part = Float32Array.from(values.slice(at, at + size));
    yield { modality: 'audio', sampleRate: 8000, channels: [part, part] };
  }
}

describe('trimBlocks', () => {
  const cases: readonly (readonly [Trim, readonly number[]])[] = [
    [{ skip: 0 }, values],
    [{ skip: 3 }, values.slice(3)],
    [{ skip: 3, length: 10 }, values.slice(3, 13)],
    [{ skip: 3, dropEnd: 4 }, values.slice(3, 16)],
    [{ skip: 0, dropEnd: 19 }, values.slice(0, 1)],
    [{ skip: 3, length: 100, dropEnd: 4 }, values.slice(3)],
    [{ skip: 0, length: 0 }, []],
    [{ skip: 50 }, []],
    [{ skip: 10, dropEnd: 50 }, []],
    [{ skip: -5, dropEnd: -5 }, values],
  ];
  it.each(cases)('%j', async (trim, wanted) => {
    for (const size of [1, 3, 7, 20]) {
      const given: number[] = [];
      let blocks = 0;
      for await (const { channels } of trimBlocks(inBlocks(size), trim)) {
        expect(channels[1]).toEqual(channels[0]);
        given.push(...channels[0]!);
        blocks += 1;
      }
      expect(given).toEqual(wanted);
      expect(blocks).toBeGreaterThan(0);
    }
  });
});
