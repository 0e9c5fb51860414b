import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { mergeWithDropout } from './dropout';
import { createMergeSpace, mergeTokens, mergeTracked, reserveMergeSpace } from './merge';
import { mergeSteps, mergeTogether } from './merge-steps';
import { createPairTable, findPair, type PairTable, setPair } from './pair-table';

/** 4 symbols, and merges over them and over merged tokens, in random order of rank. */
function randomTable(seed: number): PairTable {
  const random = mulberry32(seed);
  const table = createPairTable(4);
  const ranks = random.permutation(60);
  for (let id = 4; id < 64; id += 1) {
    const [left, right] = random.integers(0, id, 2) as unknown as [number, number];
    if (findPair(table, left, right) < 0) setPair(table, left, right, ranks[id - 4]!, id);
  }
  return table;
}

/** The definition: again and again the lowest rank, the leftmost of equals. */
function mergeSlowly(ids: readonly number[], table: PairTable): number[] {
  const out = [...ids];
  for (;;) {
    let best = -1;
    let rank = Infinity;
    for (let index = 0; index + 1 < out.length; index += 1) {
      const found = findPair(table, out[index]!, out[index + 1]!);
      if (found >= 0 && table.slots[found + 2]! < rank) {
        rank = table.slots[found + 2]!;
        best = index;
      }
    }
    if (best < 0) return out;
    out.splice(best, 2, table.slots[findPair(table, out[best]!, out[best + 1]!) + 3]!);
  }
}

function load(ids: ArrayLike<number>) {
  const space = createMergeSpace();
  reserveMergeSpace(space, ids.length);
  space.ids.set(ids);
  return space;
}

describe('mergeTokens', () => {
  it.each([5, 100, 101, 200, 2100])('does what the definition says for %i tokens', (length) => {
    for (let seed = 0; seed < (length > 1000 ? 6 : 40); seed += 1) {
      const table = randomTable(seed);
      const ids = mulberry32(seed + 100).integers(0, 4, length);
      const space = load(ids);
      const count = mergeTokens(space, length, table);
      expect([...space.ids.subarray(0, count)]).toEqual(mergeSlowly([...ids], table));
      expect(space.merges).toBeGreaterThanOrEqual(length - count);
      expect(space.merges).toBeLessThan(1.2 * length);
    }
  });
  it('tells where tokens begin, also of many symbols', () => {
    const table = randomTable(3);
    const ids = mulberry32(4).integers(0, 4, 5000);
    const space = load(ids);
    const count = mergeTracked(space, 5000, table);
    const [tokens, places] = [space.ids.slice(0, count), space.previous.slice(0, count)];
    for (let index = 0; index < count; index += 7) {
      const own = load(ids.slice(places[index], index + 1 < count ? places[index + 1] : 5000));
      expect(mergeTracked(own, (index + 1 < count ? places[index + 1]! : 5000) - places[index]!, table)).toBe(1);
      expect(own.ids[0]).toBe(tokens[index]);
    }
  });
  it.each([10, 2100, 17_000])('gives the same in steps, for %i symbols', (length) => {
    for (const seed of [1, 2]) {
      const table = randomTable(seed);
      const ids = mulberry32(seed).integers(0, 4, length);
      const expected = load(ids);
      const count = mergeTracked(expected, length, table);
      for (const merge of [mergeSteps, mergeTogether]) {
        const space = load(ids);
        const steps = merge(space, length, table);
        let pauses = 0;
        let step = steps.next();
        for (; !step.done; step = steps.next()) pauses += 1;
        expect(step.value).toBe(count);
        expect(space.ids.subarray(0, count).join(' ')).toBe(expected.ids.subarray(0, count).join(' '));
        expect(space.previous.subarray(0, count).join(' ')).toBe(expected.previous.subarray(0, count).join(' '));
        expect(pauses).toBeGreaterThanOrEqual(length >> 14);
      }
    }
  });
  it('takes steps in proportion to the length', () => {
    const table = createPairTable(20);
    for (let level = 0; level < 20; level += 1) setPair(table, level, level, level, level + 1);
    for (const length of [1 << 10, 1 << 14, 1 << 18]) {
      const space = load(new Int32Array(length));
      expect(mergeTokens(space, length, table)).toBe(1);
      expect(space.merges).toBeLessThan(1.2 * length);
    }
  });
  it.each([1, 2, 3])('takes no more steps a symbol for longer texts with merges of %i', (seed) => {
    const table = randomTable(seed);
    const steps = [1 << 12, 1 << 15, 1 << 18].map((length) => {
      const space = load(mulberry32(seed).integers(0, 4, length));
      mergeTokens(space, length, table);
      return space.merges / length;
    });
    expect(Math.max(...steps)).toBeLessThan(1.1);
  });
});

describe('mergeWithDropout', () => {
  it('merges all with 0 and nothing with 1', () => {
    for (let seed = 0; seed < 30; seed += 1) {
      const table = randomTable(seed);
      const ids = mulberry32(seed + 200).integers(0, 4, 60);
      const space = load(ids);
      const count = mergeWithDropout(space, 60, table, 0, mulberry32(1));
      expect([...space.ids.subarray(0, count)]).toEqual(mergeSlowly([...ids], table));
      expect(mergeWithDropout(load(ids), 60, table, 1, mulberry32(1))).toBe(60);
    }
  });
  it('leaves some out in between', () => {
    let all = 0;
    let some = 0;
    for (let seed = 0; seed < 20; seed += 1) {
      const table = randomTable(seed);
      const ids = mulberry32(seed).integers(0, 4, 30);
      all += mergeTokens(load(ids), 30, table);
      some += mergeWithDropout(load(ids), 30, table, 0.8, mulberry32(seed));
    }
    expect(some).toBeGreaterThan(all);
    expect(some).toBeLessThan(20 * 30);
  });
});

describe('PairTable', () => {
  it('grows and replaces', () => {
    const table = createPairTable(1);
    for (let index = 0; index < 5000; index += 1) setPair(table, index % 70, index, index, index + 1);
    for (let index = 0; index < 5000; index += 1) {
      expect(table.slots[findPair(table, index % 70, index) + 2]).toBe(index);
    }
    setPair(table, 0, 0, 77, 78);
    expect(table.count).toBe(5000);
    expect(table.slots[findPair(table, 0, 0) + 3]).toBe(78);
    expect(findPair(table, 71, 1)).toBe(-1);
  });
});
