import { describe, expect, it } from 'vitest';
import { codebookUsage } from './codebook-usage';

describe('codebookUsage', () => {
  it('gives the perplexity of known distributions', () => {
    const usage = codebookUsage([2, 1, 1, 0]);
    expect(usage.perplexity).toBeCloseTo(2.828427, 6);
    expect(usage.bits).toBeCloseTo(1.5, 6);
    expect(usage).toMatchObject({ tokens: 4, vocabularySize: 4, used: 3, dead: 1, usage: 0.75 });
    expect(usage.efficiency).toBeCloseTo(0.75, 6);
    expect(codebookUsage(new Float64Array(512).fill(7)).perplexity).toBeCloseTo(512, 3);
    expect(codebookUsage([5, 0, 0]).perplexity).toBeCloseTo(1, 9);
  });

  it('keeps the tiny addend of the official code', () => {
    const counts = [900, 99, 1];
    const nats = counts.reduce((sum, count) => sum + (count / 1000) * Math.log(count / 1000 + 1e-10), 0);
    expect(codebookUsage(counts).perplexity).toBe(Math.exp(-nats));
  });

  it('has no perplexity without tokens, and efficiency 1 for one code', () => {
    expect(codebookUsage([0, 0]).perplexity).toBeNaN();
    expect(codebookUsage([3])).toMatchObject({ used: 1, dead: 0, efficiency: 1 });
  });

  it('refuses what cannot be counts', () => {
    expect(() => codebookUsage([1, -1])).toThrow('counts: expected finite numbers of at least 0, got -1');
    expect(() => codebookUsage([1, Number.NaN])).toThrow('counts');
    expect(() => codebookUsage([1, 1], 1)).toThrow('vocabularySize: expected at least 2, got 1');
  });
});
