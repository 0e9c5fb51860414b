import { describe, expect, it } from 'vitest';
import { compareTokenizers } from '../token-counts/compare-tokenizers';
import { distributionKurtosis, sentenceConfidence } from './confidence';
import { renderTokens } from './render-tokens';

describe('compareTokenizers', () => {
  const tokenizers = {
    characters: { count: (text: string) => [...text].length },
    words: { count: (text: string) => text.split(' ').length },
  };

  it('counts by category', () => {
    const rows = compareTokenizers({ prose: ['ein Wörtchen', 'ja'], numbers: ['12 34'] }, tokenizers, {
      prices: { words: 2e6 },
    });
    expect(rows).toHaveLength(6);
    expect(rows[3]).toEqual({
      tokenizer: 'words',
      category: 'prose',
      tokens: 3,
      characters: 14,
      bytes: 15,
      charactersPerToken: 14 / 3,
      bytesPerToken: 5,
      ratio: 3 / 14,
      cost: 6,
    });
    expect(rows[5]).toMatchObject({ category: 'all', tokens: 5 });
    expect(rows[0]).not.toHaveProperty('cost');
  });

  it('takes nothing, and refuses what it cannot name', () => {
    expect(compareTokenizers({ none: [] }, tokenizers)[0]).toMatchObject({
      tokens: 0,
      charactersPerToken: 0,
      ratio: 0,
    });
    expect(() => compareTokenizers({}, {})).toThrow('at least one');
    expect(() => compareTokenizers({ all: [] }, tokenizers)).toThrow('all');
  });
});

describe('confidence', () => {
  it('has means', () => {
    const { geometricMean, mean, lowest } = sentenceConfidence([0.25, 1]);
    expect([geometricMean, mean, lowest]).toEqual([expect.closeTo(0.5, 12), 0.625, 0.25]);
    expect(sentenceConfidence([0, 1]).geometricMean).toBe(0);
    expect(() => sentenceConfidence([])).toThrow('at least one');
    expect(() => sentenceConfidence([1.5])).toThrow('1.5 at 0');
  });

  it('is peaked where a model knows', () => {
    const peaked = distributionKurtosis({
      values: Float64Array.from({ length: 100 }, (_, at) => (at === 3 ? 1 : 0)),
      columns: 100,
    });
    const flat = distributionKurtosis({
      values: Float64Array.from({ length: 100 }, (_, at) => at / 4950),
      columns: 100,
    });
    expect(peaked).toBeGreaterThan(50);
    expect(flat).toBeCloseTo(-1.2, 2);
    expect(distributionKurtosis({ values: new Float64Array(10).fill(0.1), columns: 10 })).toBe(0);
    expect(() => distributionKurtosis({ values: new Float64Array(0), columns: 10 })).toThrow('at least one');
  });
});

describe('renderTokens', () => {
  const pieces = ['<a>', ' "b"\n', '\u001b[31m', '\ud800'];

  it('writes HTML that holds no markup of the text', () => {
    const html = renderTokens(pieces, { values: [0, 0.5, 1, 1] });
    expect(html).toContain('&lt;a&gt;');
    expect(html).toContain('#fa968c');
    expect(html).toContain('#faf08c');
    expect(html).toContain('#96e18c');
    expect(html.match(/<span/gu)).toHaveLength(4);
    expect(html).not.toContain('\u001b');
  });

  it('writes for terminals without what the text would do to them', () => {
    const text = renderTokens(pieces, { format: 'ansi' });
    expect(text).toContain('\u001b[48;2;198;219;239m\u001b[30m<a>\u001b[0m');
    expect(text).not.toContain('\u001b[31m');
  });

  it('draws pictures', () => {
    const svg = renderTokens(['abc', 'defgh', 'i\n', 'j'], { format: 'svg', columns: 5 });
    expect(svg.match(/<rect/gu)).toHaveLength(5);
    expect(svg).toContain('height="66"');
    expect(renderTokens([], { format: 'svg' })).toContain('<svg');
  });

  it('refuses values that are none', () => {
    expect(() => renderTokens(['a'], { values: [] })).toThrow('1 numbers');
    expect(() => renderTokens(['a'], { values: [Number.NaN] })).toThrow('NaN at 0');
    expect(() => renderTokens(['a'], { columns: 0 })).toThrow('columns');
  });
});
