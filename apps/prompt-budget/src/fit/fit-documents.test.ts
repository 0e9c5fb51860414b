import { textTokenizers } from '@tesserae/text';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { cuts, type BudgetDocument, type FitSettings, type FitTokenizer, layouts, shares } from './documents';
import { fitDocuments } from './fit-documents';
import { keptText, layPrompt } from './layout';

let tokenizer: FitTokenizer;

beforeAll(async () => {
  tokenizer = await textTokenizers.fromPretrained('r50k_base');
});

const words = (count: number, word = 'word') => Array.from({ length: count }, () => word).join(' ');
const fit = (documents: readonly BudgetDocument[], settings: FitSettings) =>
  fitDocuments(tokenizer, documents, { layout: 'plain', ...settings });

/** Letters that merge over the ends of texts, white space that does not stay by itself, characters of several tokens. */
const awkward = fc
  .array(
    fc.constantFrom('a', 'the', ' ', '  ', '\n', '\n\n', '.', '!!', '12', '👩‍👩‍👧', 'สวัสดี', '世界', 'ß', '’s', '\ud800'),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));
const document = fc.record(
  {
    name: fc.constantFrom('a.txt', 'docs/b.md', 'ü "x"', 'two\nlines'),
    text: awkward,
    priority: fc.integer({ min: -1, max: 2 }),
    pinned: fc.boolean(),
    cut: fc.constantFrom(...cuts),
  },
  { requiredKeys: ['name', 'text'] },
);
const settings = fc.record(
  {
    budget: fc.nat({ max: 300 }),
    layout: fc.constantFrom(...layouts),
    share: fc.constantFrom(...shares),
    cut: fc.constantFrom(...cuts),
    marker: fc.constantFrom('', '…', '\n[…]\n', 'a'),
    least: fc.nat({ max: 20 }),
    before: awkward,
    after: awkward,
  },
  { requiredKeys: ['budget'] },
);

const hasLone = /\p{Surrogate}/u;

describe('fitDocuments', () => {
  it('takes everything that fits, as it is', () => {
    const result = fit(
      [
        { name: 'a', text: 'One.' },
        { name: 'b', text: 'Two.\n' },
        { name: 'c', text: '' },
      ],
      { budget: 100 },
    );
    expect(result).toMatchObject({ prompt: 'One.\n\nTwo.\n\n', fits: true, budget: 100 });
    expect(result.tokens).toBe(tokenizer.count(result.prompt));
    expect(result.documents.map(({ state }) => state)).toEqual(['whole', 'whole', 'whole']);
  });

  it('fills the budget to the last token', () => {
    for (const cut of ['tail', 'head', 'middle'] as const) {
      const text = Array.from({ length: 400 }, (_, index) => `line ${index}`).join('\n');
      const { prompt, tokens, documents } = fit([{ name: 'long', text }], { budget: 100, cut });
      expect(tokens).toBe(100);
      expect(documents[0]).toMatchObject({ state: 'cut', inPrompt: 100 });
      expect(prompt.startsWith('line 0')).toBe(cut !== 'head');
      expect(prompt.endsWith('line 399')).toBe(cut !== 'tail');
    }
  });

  it('gives to priority first, then to the order, and keeps what is pinned', () => {
    const documents = [
      { name: 'first', text: words(50) },
      { name: 'important', text: words(50), priority: 1 },
      { name: 'pinned', text: words(20), pinned: true, priority: -9 },
    ];
    const states = (budget: number, more: Partial<FitSettings> = {}) =>
      fit(documents, { budget, ...more }).documents.map(({ state }) => state);
    expect(states(200)).toEqual(['whole', 'whole', 'whole']);
    expect(states(100)).toEqual(['cut', 'whole', 'whole']);
    expect(states(100, { cut: 'never' })).toEqual(['left out', 'whole', 'whole']);
    expect(states(50)).toEqual(['left out', 'cut', 'whole']);
    expect(states(30)).toEqual(['left out', 'left out', 'whole']);
    expect(fit(documents, { budget: 10 })).toMatchObject({ fits: false, tokens: 20 });
  });

  it('shares evenly where asked, and leaves nobody more than others that were cut', () => {
    const documents = [10, 300, 300, 60].map((count, index) => ({ name: `${index}`, text: words(count) }));
    const kept = (share: 'first' | 'even') =>
      fit(documents, { budget: 200, share }).documents.map(({ inPrompt }) => inPrompt);
    expect(kept('first')[3]).toBe(0);
    const [small = 0, one = 0, other = 0, last = 0] = kept('even');
    expect(small).toBeLessThan(15);
    expect(Math.abs(one - other)).toBeLessThan(3);
    expect(last).toBeGreaterThan(50);
    expect(small + one + other + last).toBeGreaterThan(190);
  });

  it('counts what texts become where they meet', () => {
    // Each half is two tokens; together they are one word.
    const halves = [
      { name: 'a', text: 'inter' },
      { name: 'b', text: 'national' },
    ];
    const joined = layPrompt(
      { layout: 'plain', marker: '', before: '', after: '' },
      halves,
      halves.map(({ text }) => ({ head: text.length, tail: 0 })),
    );
    expect(fit(halves, { budget: 50 }).tokens).toBe(tokenizer.count(joined.text));
  });

  it('puts headings and tags around documents', () => {
    const documents = [{ name: 'a "b".md', text: 'x' }];
    expect(fit(documents, { budget: 50, layout: 'headings', before: 'Read:', after: 'What?' }).prompt).toBe(
      'Read:\n\n## a "b".md\n\nx\n\nWhat?',
    );
    expect(fit(documents, { budget: 50, layout: 'tags' }).prompt).toBe(
      '<document name="a &quot;b&quot;.md">\nx\n</document>',
    );
  });

  it('never exceeds the budget, wastes none, and cuts only between characters', () => {
    fc.assert(
      fc.property(fc.array(document, { maxLength: 5 }), settings, (documents, given) => {
        const result = fitDocuments(tokenizer, documents, given);
        expect(result.tokens).toBe(tokenizer.count(result.prompt));
        expect(result.fits).toBe(result.tokens <= given.budget);
        const inPrompt = result.documents.reduce((sum, entry) => sum + entry.inPrompt, result.rest);
        expect(inPrompt).toBe(result.tokens);
        const full = { layout: 'headings', marker: '\n[…]\n', before: '', after: '', ...given } as const;
        const kept = result.documents.map(({ state, kept: part }) => (state === 'left out' ? undefined : part));
        expect(layPrompt(full, documents, kept).text).toBe(result.prompt);
        const entries = result.documents.map((entry, index) => ({ ...entry, ...documents[index]! }));
        expect(entries.filter(({ state, pinned }) => pinned === true && state !== 'whole')).toEqual([]);
        const whole = entries.filter(({ state }) => state === 'whole');
        expect(whole.map(({ text, kept: part }) => keptText(text, part, '|'))).toEqual(whole.map(({ text }) => text));
        const ends = entries.flatMap(({ text, kept: part }) => [
          [text, text.slice(0, part.head)],
          [text, text.slice(text.length - part.tail)],
        ]);
        expect(ends.filter(([text = '', end = '']) => !hasLone.test(text) && hasLone.test(end))).toEqual([]);
        const everything = layPrompt(
          full,
          documents,
          documents.map(({ text }) => ({ head: text.length, tail: 0 })),
        );
        const isAll = result.prompt === everything.text;
        expect(isAll || tokenizer.count(everything.text) > given.budget).toBe(true);
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  it('refuses budgets that are none', () => {
    expect(() => fit([], { budget: -1 })).toThrow('budget: expected a whole number from 0, got -1.');
    expect(() => fit([], { budget: 1, least: 0.5 })).toThrow('least');
    expect(fit([], { budget: 0 })).toMatchObject({ prompt: '', tokens: 0, fits: true, documents: [] });
  });
});
