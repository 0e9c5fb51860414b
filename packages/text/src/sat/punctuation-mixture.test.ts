import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { fitLogistic, sigmoid } from '../numeric/logistic-regression';
import { bestThreshold } from './best-threshold';
import { fitPunctuationMixture, punctuationProbabilities, sentenceEndLabels } from './punctuation-mixture';

describe('fitLogistic', () => {
  it('finds where the gradient is zero', () => {
    const random = mulberry32(3);
    const rows = random.normal(300);
    const truth = Float64Array.from({ length: 100 }, (_, row) =>
      rows[row * 3]! - 0.5 * rows[row * 3 + 1]! > 0.2 ? 1 : 0,
    );
    const { coefficients, intercept } = fitLogistic(rows, 3, truth, { inversePenalty: 0.7 });
    const gradient = [0, 0, 0, 0];
    for (let row = 0; row < 100; row += 1) {
      const x = [rows[row * 3]!, rows[row * 3 + 1]!, rows[row * 3 + 2]!];
      const residual = sigmoid(x.reduce((sum, value, at) => sum + value * coefficients[at]!, intercept)) - truth[row]!;
      x.forEach((value, at) => (gradient[at]! += 0.7 * residual * value));
      gradient[3]! += 0.7 * residual;
    }
    for (const [at, value] of gradient.entries()) expect(value + (coefficients[at] ?? 0)).toBeCloseTo(0, 5);
  });

  it('stays finite where classes can be told apart, and where there is one', () => {
    const apart = fitLogistic([-2, -1, 1, 2], 1, [0, 0, 1, 1]);
    expect(apart.coefficients[0]).toBeGreaterThan(0.5);
    expect(apart.intercept).toBeCloseTo(0, 6);
    expect(Number.isFinite(fitLogistic([1, 2], 1, [1, 1]).intercept)).toBe(true);
  });

  it('refuses what does not fit', () => {
    expect(() => fitLogistic([], 1, [])).toThrow('rows');
    expect(() => fitLogistic([1, NaN], 1, [0, 1])).toThrow('NaN at 1');
    expect(() => fitLogistic([1], 0, [1])).toThrow('features');
  });
});

describe('bestThreshold', () => {
  it('takes the lowest of the best', () => {
    expect(bestThreshold([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])).toBe(0.35);
    expect(bestThreshold([0.9, 0.9, 0.1], [1, 1, 0])).toBe(0.9);
    expect(() => bestThreshold([], [])).toThrow('scores');
  });
});

describe('fitPunctuationMixture', () => {
  const sentences = ['Ja.', 'So.', 'Nein', '😀!'];

  it('marks the last character of every sentence', () => {
    expect([...sentenceEndLabels(sentences)].join('')).toBe('0010001000010' + '01');
    expect([...sentenceEndLabels(['a', 'bc'], '')]).toEqual([1, 0, 1]);
    expect([...sentenceEndLabels([])]).toEqual([]);
  });

  it('learns which labels end a sentence', () => {
    const ends = sentenceEndLabels(Array.from({ length: 40 }, (_, at) => sentences[at % 4]!));
    const random = mulberry32(1);
    const noise = random.normal(ends.length * 3);
    const logits = Float32Array.from(
      noise,
      (value, at) => value + (at % 3 === 2 ? 4 * ends[Math.floor(at / 3)]! - 2 : 0),
    );
    const { mixture, newlineThreshold } = fitPunctuationMixture(logits, 3, ends);
    expect(newlineThreshold).toBeGreaterThan(0);
    const chances = punctuationProbabilities(logits, 3, mixture!);
    const right = chances.filter((chance, at) => (chance > mixture!.threshold ? 1 : 0) === ends[at]).length;
    expect(right / ends.length).toBeGreaterThan(0.9);
    const one = fitPunctuationMixture(logits, 3, ends, { features: [2] });
    expect(one.mixture!.coefficients).toHaveLength(1);
    expect(punctuationProbabilities(new Float32Array(3).fill(-Infinity), 3, mixture!)[0]).toBe(0);
    expect(fitPunctuationMixture(logits.slice(0, ends.length), 1, ends).mixture).toBeUndefined();
  });

  it('refuses numbers that do not fit', () => {
    expect(() => fitPunctuationMixture(new Float32Array(3), 2, [1])).toThrow('logits');
    expect(() => punctuationProbabilities(new Float32Array(2), 2, { coefficients: [1], intercept: 0 })).toThrow(
      'mixture',
    );
  });
});
