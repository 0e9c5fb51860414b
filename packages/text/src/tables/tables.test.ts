import { describe, expect, it } from 'vitest';
import { decodeRuns } from './decode-runs';
import { categoryNames, categoryTest, generalCategories } from './general-category';
import { isWhiteSpace } from './white-space';

describe('decodeRuns', () => {
  it('reads lengths, pages and skipped values', () => {
    const table = decodeRuns('2BCwA10A', (value) => value);
    expect([...table.subarray(0, 6)]).toEqual([1, 1, 2, 26, 0, 0]);
    expect(
      decodeRuns('3B', () => undefined)
        .subarray(0, 3)
        .every((value) => value === 0),
    ).toBe(true);
  });
});

describe('general categories', () => {
  it('agree with the runtime where a character is old', () => {
    const old = generalCategories(8);
    const table = generalCategories(16);
    const wrong: number[] = [];
    for (const name of categoryNames) {
      if (name === 'Cn') continue;
      const runtime = new RegExp(`\\p{${name}}`, 'u');
      for (let codePoint = 0; codePoint < 0x30000; codePoint += 7) {
        if (old[codePoint] === 0 || old[codePoint] !== table[codePoint]) continue;
        const isNamed = categoryNames[table[codePoint]!] === name;
        if (isNamed !== runtime.test(String.fromCodePoint(codePoint))) wrong.push(codePoint);
      }
    }
    expect(wrong).toEqual([]);
  });
  it('know their versions', () => {
    const names = ([8, 9, 16, 17] as const).map((version) => categoryNames[generalCategories(version)[0x1e6c0]!]);
    expect(names).toEqual(['Cn', 'Cn', 'Cn', 'Lo']);
    expect(categoryTest(8, 'Mn')(0x8d4)).toBe(false);
    expect(categoryTest(9, 'Mn')(0x8d4)).toBe(true);
    expect(categoryTest(17, 'N')(0x11de0)).toBe(true);
    expect(categoryTest(16, 'L')(0x41)).toBe(true);
  });
});

describe('isWhiteSpace', () => {
  it('is the White_Space property', () => {
    const wrong: number[] = [];
    for (let codePoint = 0; codePoint < 0x110000; codePoint += 1) {
      const expected = /\p{White_Space}/u.test(String.fromCodePoint(codePoint));
      if (isWhiteSpace(codePoint) !== expected) wrong.push(codePoint);
    }
    expect(wrong).toEqual([]);
  });
});
