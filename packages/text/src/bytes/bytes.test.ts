import { describe, expect, it } from 'vitest';
import { randomTexts } from '../../test/random-text';
import { base64Decode, base64Encode } from './base64';
import { utf8Decode, utf8DecodeStrict, utf8Encode, utf8TextLength, writeUtf16, writeUtf8 } from './utf8';

const unitsOf = (text: string) => Uint16Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));

describe('UTF-8', () => {
  it('writes what TextEncoder writes', () => {
    const target = new Uint8Array(300);
    for (const text of randomTexts(3000, 1)) {
      const length = writeUtf8(unitsOf(text), 0, text.length, target);
      expect([...target.subarray(0, length)]).toEqual([...utf8Encode(text)]);
      expect(utf8TextLength(text)).toBe(length);
    }
  });
  it('reads valid bytes and refuses others', () => {
    const target = new Uint16Array(300);
    for (const text of randomTexts(3000, 2)) {
      const bytes = utf8Encode(text);
      const length = writeUtf16(bytes, 0, bytes.length, target, 3);
      expect(String.fromCharCode(...target.subarray(3, 3 + length))).toBe(utf8Decode(bytes));
    }
    const broken = [
      [0x80],
      [0xc0, 0x80],
      [0xe0, 0x80, 0x80],
      [0xed, 0xa0, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0xe4, 0xbd],
      [0xff],
    ];
    for (const bytes of broken) {
      expect(writeUtf16(Uint8Array.from(bytes), 0, bytes.length, target, 0)).toBe(-1);
      expect(utf8DecodeStrict(Uint8Array.from(bytes))).toBeUndefined();
    }
  });
  it('keeps a byte order mark', () => {
    expect(utf8Decode(utf8Encode('\ufeffa'))).toBe('\ufeffa');
  });
});

describe('base64', () => {
  it('round-trips', () => {
    for (let length = 0; length < 20; length += 1) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 89 + length) & 255);
      expect([...base64Decode(base64Encode(bytes))!]).toEqual([...bytes]);
      expect(base64Encode(bytes)).toBe(Buffer.from(bytes).toString('base64'));
    }
  });
  it('refuses what is none', () => {
    for (const text of ['a', 'ab-_', 'a===', 'ab é']) expect(base64Decode(text)).toBeUndefined();
  });
});
