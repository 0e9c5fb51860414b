import { describe, expect, it } from 'vitest';
import { documentText, meterParts, meterText } from './meter';
import {
  addDocument,
  addressOf,
  changeDocument,
  firstState,
  moveDocument,
  removeDocument,
  requestedDocuments,
  wholeNumber,
} from './page-state';

describe('the state of the page', () => {
  it('begins with what the address says, and nothing that it cannot say', () => {
    const state = firstState(
      '#budget=5&vocabulary=gpt2&layout=tags&share=even&cut=odd&text=Hello%20there&after=What%3F',
    );
    expect(state).toMatchObject({
      vocabulary: 'gpt2',
      settings: { budget: 5, layout: 'tags', share: 'even', cut: 'tail', before: '', after: 'What?' },
      documents: [{ id: 1, text: 'Hello there' }],
    });
    const { documents, ...again } = firstState(addressOf(state));
    expect(again).toEqual({ vocabulary: 'gpt2', settings: state.settings, nextId: 2 });
    expect(documents[0]?.text).toBe('');
    expect(firstState('').settings.budget).toBe(8000);
    expect(firstState('#budget=many').settings.budget).toBe(8000);
  });

  it('adds, changes, moves and removes documents', () => {
    let state = addDocument(firstState(''), 'a', 'A');
    expect(state.documents.map(({ name }) => name)).toEqual(['a']);
    state = addDocument(state, 'b', '');
    state = addDocument(state, 'c', 'C');
    const [a = 0, , c = 0] = state.documents.map(({ id }) => id);
    state = changeDocument(state, c, { pinned: true, cut: 'never', priority: 2 });
    state = moveDocument(moveDocument(state, c, -1), a, -1);
    expect(state.documents.map(({ name }) => name)).toEqual(['a', 'c', 'b']);
    expect(requestedDocuments(removeDocument(state, a))).toEqual([
      { id: c, name: 'c', pinned: true, priority: 2, cut: 'never' },
      { id: 3, name: 'b', pinned: false, priority: 0 },
    ]);
    expect(moveDocument(state, 99, 1)).toBe(state);
  });

  it('reads numbers as people write them', () => {
    expect(['8000', '8,000', ' 8 000 ', "8'000", '0'].map(wholeNumber)).toEqual([8000, 8000, 8000, 8000, 0]);
    expect(['', '-1', '1e3', '8k', '12345678901'].map(wholeNumber)).toEqual(new Array(5).fill(undefined));
  });
});

describe('the meter', () => {
  const kept = { head: 0, tail: 0 };
  const document = (inPrompt: number, state: 'whole' | 'cut' | 'left out') =>
    ({ name: 'x', tokens: 1500, inPrompt, state, kept }) as const;
  const result = {
    prompt: '',
    tokens: 1900,
    budget: 2000,
    fits: true,
    rest: 100,
    documents: [document(1500, 'whole'), document(300, 'cut'), document(0, 'left out')],
  };

  it('is as wide as the budget, or as what is too much for it', () => {
    expect(meterParts(result).map(({ document: place, width }) => [place, width])).toEqual([
      [0, 75],
      [1, 15],
      [undefined, 5],
    ]);
    expect(meterText(result)).toBe('1,900 of 2,000 tokens, 100 free');
    const over = { ...result, budget: 1000, fits: false };
    expect(meterParts(over).reduce((sum, { width }) => sum + width, 0)).toBeCloseTo(100, 9);
    expect(meterText(over)).toBe('1,900 of 1,000 tokens, 900 too many');
  });

  it('says what became of documents', () => {
    expect(result.documents.map(documentText)).toEqual([
      'whole, 1,500 tokens',
      'cut, 300 in the prompt of 1,500 tokens',
      'left out, 1,500 tokens',
    ]);
  });
});
