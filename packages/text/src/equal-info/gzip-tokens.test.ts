import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { utf8Encode } from '../bytes/utf8';
import { byteTokens, tokenBytes } from './byte-tokens';
import { gzipTokenBytes, gzipTokens } from './gzip-tokens';

describe('byteTokens', () => {
  it('cuts bits', () => {
    expect([...byteTokens(Uint8Array.of(0xab, 0xcd), 4)]).toEqual([10, 11, 12, 13]);
    expect([...byteTokens(Uint8Array.of(0xff), 3)]).toEqual([7, 7, 6]);
    expect([...byteTokens(Uint8Array.of(1, 2, 3), 16)]).toEqual([0x0102, 0x0300]);
    expect(byteTokens(new Uint8Array(0), 24)).toHaveLength(0);
  });

  it('comes back, with zeros behind', () => {
    const random = mulberry32(1);
    for (let bits = 1; bits <= 24; bits += 1) {
      const bytes = Uint8Array.from(random.integers(0, 256, 29));
      const back = tokenBytes(byteTokens(bytes, bits), bits);
      expect([...back.subarray(0, 29)]).toEqual([...bytes]);
      expect(back.subarray(29).every((byte) => byte === 0)).toBe(true);
    }
    expect(() => byteTokens(new Uint8Array(1), 25)).toThrow('bits');
    expect(() => tokenBytes([256], 8)).toThrow('256 at 0');
    expect(() => tokenBytes([NaN], 8)).toThrow('NaN at 0');
  });
});

describe('gzipTokens', () => {
  it.each([8, 16] as const)('comes back from tokens of %i bits', async (bits) => {
    const random = mulberry32(bits);
    for (const bytes of [
      new Uint8Array(0),
      utf8Encode('Ünïcode '.repeat(40)),
      Uint8Array.from(random.integers(0, 256, 77)),
    ]) {
      const ids = await gzipTokens(bytes, { bits });
      expect(Math.max(...ids)).toBeLessThan(2 ** bits);
      expect([...(await gzipTokenBytes(ids, { bits }))]).toEqual([...bytes]);
    }
    expect((await gzipTokens(utf8Encode('a'.repeat(1000)), { bits })).length).toBeLessThan(60);
  });

  it('refuses tokens of nothing', async () => {
    await expect(gzipTokenBytes([1, 2, 3])).rejects.toThrow('gzip stream');
    await expect(gzipTokenBytes([0, 0], { bits: 16 })).rejects.toThrow('gzip stream');
    await expect(gzipTokens(new Uint8Array(1), { bits: 9 as 8 })).rejects.toThrow('8 or 16');
  });
});
