import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { randomTexts } from '../../test/random-text';
import { sampleTokenizers } from '../../test/sample-tokenizers';

const texts = [5, 6, 7].map((seed) =>
  randomTexts(40, seed)
    .map((text, index) => `${text}${['the thing', ' [MASK] ', 'mot  ', '\n', ' </s>a', '<|endoftext|> b'][index % 6]}`)
    .join(''),
);

/** Everything that is known of tokens, comparable. */
const plain = (encoding: object) => JSON.parse(JSON.stringify(encoding)) as unknown;

describe.each(sampleTokenizers)('%s in stretches', (_name, tokenizer) => {
  it.each([1, 7, 64])('gives the ids of the whole text by stretches of %i', (size) => {
    for (const text of texts) {
      for (const specials of ['ordinary', 'allow'] as const) {
        const options = { specials, addSpecialTokens: false };
        const ends = [...tokenizer.stretches(text, size, { specials })];
        const parts = ends.map((end, index) => text.slice(index === 0 ? 0 : ends[index - 1], end));
        expect(parts.join('')).toBe(text);
        const ids = parts.flatMap((part) => [...tokenizer.encode(part, options).ids]);
        expect(ids).toEqual([...tokenizer.encode(text, options).ids]);
      }
    }
  });
  it.each([undefined, 'utf16', 'codepoint', 'byte'] as const)('encodes step by step with offsets %s', async (unit) => {
    const pause = async () => undefined;
    for (const text of texts) {
      for (const specials of ['ordinary', 'allow'] as const) {
        const options = { specials, ...(unit && { offsets: unit }) };
        const whole = tokenizer.encode(text, options);
        expect(plain(await tokenizer.encodeAsync(text, { ...options, stretch: 30, pause }))).toEqual(plain(whole));
      }
    }
  });
  it('counts any part', () => {
    const text = texts.join(' ').repeat(3);
    const counter = tokenizer.rangeCounter(text);
    for (let start = 0; start < text.length; start += 97) {
      for (const length of [0, 1, 40, 600, 1500, text.length]) {
        const end = Math.min(text.length, start + length);
        expect(counter.count(start, end)).toBe(tokenizer.count(text.slice(start, end)));
      }
    }
    expect(counter.count()).toBe(tokenizer.count(text));
  });
  it('counts what is edited anywhere', () => {
    const random = mulberry32(8);
    const all = texts.join(' ');
    let text = all.slice(0, 3000);
    const counter = tokenizer.editCounter(text);
    for (let round = 0; round < 60; round += 1) {
      const start = random.integers(0, text.length + 1, 1)[0]!;
      const end = Math.min(text.length, start + random.integers(0, round % 3 === 0 ? 900 : 4, 1)[0]!);
      const from = random.integers(0, all.length, 1)[0]!;
      const inserted = all.slice(from, from + random.integers(0, round % 4 === 0 ? 1200 : 6, 1)[0]!);
      counter.replace(start, end, inserted);
      text = text.slice(0, start) + inserted + text.slice(end);
      expect(counter.length).toBe(text.length);
      expect(counter.count()).toBe(tokenizer.count(text));
    }
    expect(() => counter.replace(3, 2, '')).toThrow(/start/);
    expect(() => counter.replace(0, text.length + 1, '')).toThrow(/end/);
  });
  it('counts what grows at both ends', () => {
    const [text] = texts as [string];
    const counter = tokenizer.incremental();
    const middle = text.length >> 1;
    for (let at = 0; at < middle; at += 3) {
      counter.append(text.slice(middle + at, middle + at + 3));
      counter.prepend(text.slice(Math.max(0, middle - at - 3), middle - at));
      const part = text.slice(Math.max(0, middle - at - 3), middle + at + 3);
      expect(counter.count()).toBe(tokenizer.count(part));
    }
  });
});

describe('encodeAsync', () => {
  const [, tokenizer] = sampleTokenizers[0]!;
  const text = 'the thing that they thought '.repeat(100);

  it('pauses after each stretch, and a stretch is as long as asked', async () => {
    let pauses = 0;
    const ends: number[] = [];
    await tokenizer.encodeAsync(text, {
      stretch: 200,
      onProgress: ({ done, total }) => {
        expect(total).toBe(text.length);
        ends.push(done);
      },
      pause: async () => {
        pauses += 1;
      },
    });
    expect(pauses).toBe(ends.length);
    expect(ends.length).toBeGreaterThanOrEqual(text.length / 200);
    expect(ends).toEqual([...tokenizer.stretches(text, 200, { specials: 'error' })]);
    for (const [index, end] of ends.entries()) expect(end - (ends[index - 1] ?? 0)).toBeLessThanOrEqual(200);
    expect(ends.at(-1)).toBe(text.length);
  });
  it('lets timers run in between', async () => {
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 0);
    await tokenizer.encodeAsync(text, { stretch: 100 });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
  });
  it('stops at a signal', async () => {
    const controller = new AbortController();
    let steps = 0;
    const encoding = tokenizer.encodeAsync(text, {
      stretch: 100,
      signal: controller.signal,
      onProgress: () => {
        steps += 1;
        if (steps === 3) controller.abort(new Error('enough'));
      },
    });
    await expect(encoding).rejects.toThrow('enough');
    expect(steps).toBe(3);
  });
  it('says where in the whole text a refused special token is', async () => {
    await expect(tokenizer.encodeAsync(`${text}<|endoftext|>`, { stretch: 100 })).rejects.toThrow(
      new RegExp(`endoftext.*${text.length}`),
    );
  });
  it('takes a text without a place to cut as one stretch', () => {
    expect([...tokenizer.stretches('a'.repeat(500), 10)]).toEqual([500]);
    expect([...tokenizer.stretches('', 10)]).toEqual([]);
  });
});
