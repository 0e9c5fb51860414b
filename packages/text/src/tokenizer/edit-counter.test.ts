import { describe, expect, it } from 'vitest';
import { sampleTokenizers } from '../../test/sample-tokenizers';
import { createEditCounter } from './edit-counter';
import type { TextModel } from './text-model';

const [, tokenizer] = sampleTokenizers[0]!;

/** Counts the units that are counted. */
function watched() {
  const seen = { units: 0 };
  const model: Pick<TextModel, 'cuts' | 'countOrdinary'> = {
    cuts: 'pieces',
    countOrdinary(text, start, end) {
      seen.units += end - start;
      return tokenizer.count(text.slice(start, end));
    },
  };
  return { seen, model: model as TextModel };
}

describe('createEditCounter', () => {
  it('counts a long text once, and then only what lies around the edits', () => {
    const { seen, model } = watched();
    let text = 'The quick brown fox jumps over the lazy dog. '.repeat(2000);
    const counter = createEditCounter(model, text);
    expect(counter.count()).toBe(tokenizer.count(text));
    expect(seen.units).toBe(text.length);
    for (const [start, end, inserted] of [
      [40_000, 40_003, 'slow'],
      [0, 0, '> '],
      [text.length + 3, text.length + 3, ' End'],
      [12_345, 60_000, ''],
    ] as const) {
      seen.units = 0;
      counter.replace(start, end, inserted);
      text = text.slice(0, start) + inserted + text.slice(end);
      expect(counter.count()).toBe(tokenizer.count(text));
      expect(seen.units).toBeLessThan(2100);
    }
    seen.units = 0;
    expect(counter.count()).toBe(tokenizer.count(text));
    expect(seen.units).toBe(0);
  });
  it('begins with nothing, and may end with nothing', () => {
    const { model } = watched();
    const counter = createEditCounter(model, '');
    expect([counter.length, counter.count()]).toEqual([0, 0]);
    counter.replace(0, 0, 'the thing');
    expect(counter.count()).toBe(tokenizer.count('the thing'));
    counter.replace(0, 9, '');
    expect([counter.length, counter.count()]).toEqual([0, 0]);
  });
});
