import { describe, expect, it } from 'vitest';
import { zip } from '../../test/attacks/file-writers';
import { bytesOf } from '../../test/attacks/pickle-writer';
import { memorySource } from './byte-source';
import { crc32 } from './crc32';
import { readZipDirectory } from './zip-directory';
import { readMember } from './zip-member';

const data = bytesOf('some text, some text, some text');

describe('zip archives', () => {
  it.each([{}, { zip64: true }, { comment: bytesOf('PK\x05\x06 a comment') }])(
    'reads members of %o',
    async (options) => {
      const source = memorySource(
        zip(
          [
            { name: 'a/stored', data },
            { name: 'a/deflated', data, deflated: true },
          ],
          options,
        ),
        'test.zip',
      );
      const members = await readZipDirectory(source);
      expect([...members.keys()]).toEqual(['a/stored', 'a/deflated']);
      for (const member of members.values())
        expect(await readMember(source, member, { maximumBytes: 100 })).toEqual(data);
    },
  );

  it('takes a CRC of 0 for one that the writer left out', async () => {
    const source = memorySource(zip([{ name: 'a', data, crc32: 0 }]), 'test.zip');
    const members = await readZipDirectory(source);
    expect(await readMember(source, members.get('a')!, { maximumBytes: 100 })).toEqual(data);
  });
});

describe('crc32', () => {
  it('gives the check value of the polynomial', () => {
    expect(crc32(bytesOf('123456789'))).toBe(0xcbf43926);
    expect(crc32(new Uint8Array())).toBe(0);
  });
});
