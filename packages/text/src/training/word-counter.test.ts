import { describe, expect, it } from 'vitest';
import { compareCodePoints } from './code-point-order';
import { wordCountsFromBytes, wordCountsToBytes } from './count-run';
import { memorySpillStore, shareStore, type SpillStore } from './spill-store';
import { createWordCounter } from './word-counter';
import { trainingSize } from './word-counts';

const preTokenizer = { type: 'WhitespaceSplit' };

/** Lines of numbered words; low numbers come more often. */
function* lines(count: number): Generator<string> {
  for (let line = 0; line < count; line += 1)
    yield `w${line % 7} w${line % 50} w${line}\u{1f600} w${line % 1000}\uffe0`;
}

/** A store that knows what is in it. */
function watchedStore(): SpillStore & { readonly alive: Set<number>; most: number } {
  const store = memorySpillStore();
  const alive = new Set<number>();
  return {
    alive,
    most: 0,
    append(run, bytes) {
      alive.add(run);
      this.most = Math.max(this.most, alive.size);
      store.append(run, bytes);
    },
    read: (run, offset, length) => store.read(run, offset, length),
    remove(run) {
      alive.delete(run);
      store.remove(run);
    },
  };
}

describe('createWordCounter', () => {
  const whole = createWordCounter({ preTokenizer });
  for (const line of lines(3000)) whole.add(line);
  const expected = whole.counts();

  it('counts the same however often it spills, in bounded memory', () => {
    for (const memory of [400, 20_000, 200_000]) {
      const spill = watchedStore();
      const counter = createWordCounter({ preTokenizer, spill, memory });
      let most = 0;
      for (const line of lines(3000)) {
        counter.add(line);
        most = Math.max(most, counter.held);
      }
      expect(most).toBeLessThan(memory);
      expect(counter.runs).toBeGreaterThan(1);
      // Readers hold a block of each run.
      expect(spill.most).toBeLessThanOrEqual(65);
      expect([...counter.counts()]).toEqual([...expected]);
      counter.dispose();
      expect(spill.alive.size).toBe(0);
    }
  });

  it('gives words in code point order', () => {
    const words = [...expected.keys()];
    expect(words).toEqual(words.toSorted(compareCodePoints));
    expect(words.indexOf('w1\uffe0')).toBeLessThan(words.indexOf('w1\u{1f600}'));
  });

  it('leaves out rare words: by count, by number, by memory', () => {
    expect([...whole.counts({ minimumCount: 60 }).values()].every((count) => count >= 60)).toBe(true);
    const some = whole.counts({ maximumWords: 9 });
    expect(some.size).toBe(9);
    const least = Math.min(...some.values());
    const more = [...expected].filter(([, count]) => count > least);
    for (const [word] of more) expect(some.has(word)).toBe(true);
    const memory = trainingSize('w10') * 20;
    const fitting = [...whole.counts({ memory }).keys()];
    expect(fitting.reduce((sum, word) => sum + trainingSize(word), 0)).toBeLessThanOrEqual(memory);
    expect(fitting.length).toBeGreaterThan(15);
    expect(() => whole.counts({ maximumWords: 0 })).toThrow('maximumWords');
  });

  it('adds counts of other counters', () => {
    const parts = [createWordCounter({ preTokenizer }), createWordCounter({ preTokenizer })];
    for (const [index, line] of [...lines(3000)].entries()) parts[index % 2]!.add(line);
    const all = createWordCounter({ spill: memorySpillStore(), memory: 10_000 });
    for (const part of parts) all.addCounts(wordCountsFromBytes(wordCountsToBytes(part.counts())));
    expect([...all.counts()]).toEqual([...expected]);
    expect(() => all.addCounts([['a', 0.5]])).toThrow('count of "a"');
  });

  it('removes a run that could not be written', () => {
    const alive = new Set<number>();
    const full: SpillStore = {
      append(run) {
        alive.add(run);
        throw new Error('no space left');
      },
      read: () => new Uint8Array(0),
      remove: (run) => alive.delete(run),
    };
    const counter = createWordCounter({ preTokenizer, spill: full, memory: 500 });
    expect(() => {
      for (const line of lines(20)) counter.add(line);
    }).toThrow('no space left');
    expect(alive.size).toBe(0);
  });

  it('shares a store', () => {
    const store = watchedStore();
    const counters = [0, 1].map((index) =>
      createWordCounter({ preTokenizer, spill: shareStore(store, index, 2), memory: 5000 }),
    );
    for (const line of lines(200)) for (const counter of counters) counter.add(line);
    expect([...counters[0]!.counts()]).toEqual([...counters[1]!.counts()]);
    counters[0]!.dispose();
    expect(counters[1]!.counts().size).toBeGreaterThan(0);
  });

  it('reads no run that is broken', () => {
    const bytes = wordCountsToBytes(new Map([['word', 3]]));
    expect(() => wordCountsFromBytes(bytes.subarray(0, bytes.length - 1))).toThrow('a run of word counts');
    expect(() => wordCountsFromBytes(bytes.subarray(0, 3))).toThrow('a run of word counts');
  });
});
