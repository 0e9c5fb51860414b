import { textTokenizers, type TextTokenizer } from '@tesserae/text';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createLiveText } from './live-text';
import { rememberCounts } from './remembered-counts';
import { editBetween } from './text-edit';

let tokenizer: TextTokenizer;

beforeAll(async () => {
  tokenizer = await textTokenizers.fromPretrained('r50k_base');
});

const text = fc
  .array(fc.constantFrom('the', 'a', ' ', '\n\n', '.', '1', '👩', 'ß', '\ud83d'), { maxLength: 12 })
  .map((parts) => parts.join(''));

describe('createLiveText', () => {
  it('has the count of the text after every edit', () => {
    fc.assert(
      fc.property(text, fc.array(fc.tuple(fc.nat(), fc.nat(), text), { maxLength: 12 }), (start, edits) => {
        const live = createLiveText(tokenizer, start);
        let expected = start;
        for (const [one, other, inserted] of edits) {
          const from = one % (expected.length + 1);
          const end = from + (other % (expected.length - from + 1));
          live.apply({ start: from, end, inserted });
          expected = expected.slice(0, from) + inserted + expected.slice(end);
          expect(live.text).toBe(expected);
          expect(live.tokens).toBe(tokenizer.count(expected));
        }
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it('makes one counter, wherever the text is edited', () => {
    let made = 0;
    const counting = {
      editCounter(given?: string) {
        made += 1;
        return tokenizer.editCounter(given);
      },
    };
    const live = createLiveText(counting, 'Hello');
    for (const [start, end, inserted] of [
      [5, 5, ', wor'],
      [10, 10, 'ld!'],
      [0, 0, '> '],
      [2, 7, 'Bye'],
    ] as const) {
      live.apply({ start, end, inserted });
      expect(live.tokens).toBe(tokenizer.count(live.text));
    }
    expect([live.text, made]).toEqual(['> Bye, world!', 1]);
  });
});

describe('editBetween', () => {
  it('is one stretch that makes the second of the first', () => {
    expect(editBetween('same', 'same')).toBeUndefined();
    expect(editBetween('aa', 'aaa')).toEqual({ start: 2, end: 2, inserted: 'a' });
    expect(editBetween('one two', 'one 2 two')).toEqual({ start: 4, end: 4, inserted: '2 ' });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const { start, end, inserted } = editBetween(before, after) ?? { start: 0, end: 0, inserted: '' };
        expect(before.slice(0, start) + inserted + before.slice(end)).toBe(after);
      }),
      { seed: 6 },
    );
  });
});

describe('rememberCounts', () => {
  it('counts a text once, and forgets the oldest ones', () => {
    const asked: string[] = [];
    const counts = rememberCounts(
      {
        encode: (given, options) => tokenizer.encode(given, options),
        count(given, limit) {
          asked.push(given);
          return tokenizer.count(given, limit);
        },
      },
      4,
    );
    counts.learn('known', 7);
    expect([counts.count('known'), counts.count('Hello, world!'), counts.count('Hello, world!')]).toEqual([7, 4, 4]);
    // A count that stopped at its limit is no count.
    expect(counts.count('one two three', 1)).toBeGreaterThan(1);
    expect(counts.count('one two three')).toBe(3);
    for (const each of ['a', 'b', 'c', 'd', 'e']) counts.count(each);
    expect(counts.count('Hello, world!')).toBe(4);
    expect(asked.filter((each) => each === 'Hello, world!')).toHaveLength(2);
    expect([...counts.encode('Hello').ids]).toEqual([...tokenizer.encode('Hello').ids]);
  });
});
