import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { lexinvariantEmbed, permuteIds, substitutionCipher } from './lexinvariant';

describe('lexinvariantEmbed', () => {
  it('gives an id one vector in a sequence, and another in the next', () => {
    const random = mulberry32(3);
    const { values, columns } = lexinvariantEmbed([7, 9, 7], 64, random);
    expect(columns).toBe(64);
    expect(values.slice(0, 64)).toEqual(values.slice(128));
    expect(values.slice(0, 64)).not.toEqual(values.slice(64, 128));
    expect(lexinvariantEmbed([7], 64, random).values).not.toEqual(values.slice(0, 64));
  });

  it('makes vectors of length about 1', () => {
    const { values } = lexinvariantEmbed([1], 10_000, mulberry32(5));
    expect(Math.hypot(...values)).toBeCloseTo(1, 1);
    expect(Math.hypot(...lexinvariantEmbed([1], 10_000, mulberry32(5), { deviation: 1 }).values)).toBeCloseTo(100, -1);
  });

  it('knows only which ids are equal', () => {
    const ids = [3, 1, 3, 0, 1];
    const { ids: renamed, permutation } = permuteIds(ids, 5, mulberry32(6));
    expect([...renamed]).toEqual(ids.map((id) => permutation[id]));
    expect(lexinvariantEmbed(renamed, 8, mulberry32(1))).toEqual(lexinvariantEmbed(ids, 8, mulberry32(1)));
  });

  it('refuses what is none', () => {
    expect(() => lexinvariantEmbed([1], 0, mulberry32(1))).toThrow('dimensions');
    expect(() => permuteIds([5], 5, mulberry32(1))).toThrow('5 at 0');
    expect(lexinvariantEmbed([], 3, mulberry32(1)).values).toHaveLength(0);
  });
});

describe('substitutionCipher', () => {
  it('can be read with its key', () => {
    const { text, key } = substitutionCipher('hello, World', mulberry32(2));
    const back = new Map([...key].map(([from, to]) => [to, from]));
    expect(text).not.toBe('hello, World');
    expect(Array.from(text, (character) => back.get(character) ?? character).join('')).toBe('hello, World');
    expect(new Set(key.values()).size).toBe(26);
  });
});
