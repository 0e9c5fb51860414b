import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { constrainedEnds, type LengthLimits } from './constrained-ends';
import { cutText, endsAbove } from './cut-text';
import { cutToLengths } from './cut-to-lengths';
import { type LengthPrior, lengthPrior } from './length-prior';
import { splitParagraphs, splitSentences } from './split-sentences';

const random = mulberry32(5);
const probabilities = (length: number) => Float64Array.from(random.uniform(length));

/** The score of a segmentation, and the best of all segmentations by trying each. */
function bestByBruteForce(values: Float64Array, { minLength = 1, maxLength = Infinity, prior = {} }: LengthLimits) {
  const priorOf = lengthPrior(prior);
  let best = { score: -Infinity, ends: [] as number[] };
  const visit = (start: number, ends: readonly number[], score: number) => {
    if (start === values.length) {
      if (score > best.score) best = { score, ends: ends.slice(0, -1) };
      return;
    }
    for (let end = start + minLength; end <= Math.min(start + maxLength, values.length); end += 1) {
      const cut = end === values.length ? 0 : Math.log(values[end - 1]!);
      visit(end, [...ends, end], score + Math.log(priorOf(end - start)) + cut);
    }
  };
  visit(0, [], 0);
  return best;
}

describe('cutText', () => {
  it('moves cuts behind white space', () => {
    expect(cutText('One. Two!  Three', [4, 9])).toEqual(['One. ', 'Two!  ', 'Three']);
    expect(cutText('One. Two!  Three', [4, 9], { stripWhitespace: true })).toEqual(['One.', 'Two!', 'Three']);
  });

  it('takes what Python calls white space', () => {
    expect(cutText('a\u0085\u001c\u3000b', [1])).toEqual(['a\u0085\u001c\u3000', 'b']);
    expect(cutText('a\ufeffb', [1])).toEqual(['a', '\ufeffb']);
  });

  it('counts code points', () => {
    expect(cutText('😀!😀', [2])).toEqual(['😀!', '😀']);
    expect(cutText('\ud800x', [1])).toEqual(['\ud800', 'x']);
  });

  it('refuses ends outside the text and descents', () => {
    expect(() => cutText('abc', [4])).toThrow('4 at 0');
    expect(() => cutText('abc', [2, 1])).toThrow('1 at 1');
    expect(() => cutText('abc', [Number.NaN])).toThrow('NaN at 0');
    expect(cutText('', [])).toEqual([]);
  });
});

describe('constrainedEnds', () => {
  const priors: LengthPrior[] = [
    {},
    { kind: 'gaussian', targetLength: 4, spread: 2 },
    { kind: 'lognormal', targetLength: 3, spread: 1 },
    { kind: 'clipped-polynomial', targetLength: 4, spread: 3 },
  ];

  it('finds the best segmentation', () => {
    for (const prior of priors) {
      for (const limits of [{}, { minLength: 2 }, { maxLength: 5 }, { minLength: 2, maxLength: 4 }]) {
        const values = probabilities(11);
        const ends = constrainedEnds(values, { ...limits, prior });
        expect([...ends]).toEqual(bestByBruteForce(values, { ...limits, prior }).ends);
      }
    }
  });

  it('keeps to the limits wherever a segmentation does', () => {
    for (let trial = 0; trial < 60; trial += 1) {
      const length = 20 + trial;
      const algorithm = trial % 2 === 0 ? ('viterbi' as const) : ('greedy' as const);
      const prior = priors[trial % 4]!;
      const ends = [0, ...constrainedEnds(probabilities(length), { maxLength: 7, algorithm, prior }), length];
      for (let index = 1; index < ends.length; index += 1) {
        expect(ends[index]! - ends[index - 1]!).toBeGreaterThan(0);
        expect(ends[index]! - ends[index - 1]!).toBeLessThanOrEqual(7);
      }
    }
  });

  it('cuts into equal pieces where no segmentation is possible', () => {
    expect([...constrainedEnds(new Float64Array(10), { maxLength: 4 })]).toEqual([4, 8]);
    expect([...constrainedEnds(new Float64Array(10), { minLength: 3, maxLength: 4 })]).toEqual([4, 7]);
    expect([...constrainedEnds([], { maxLength: 4 })]).toEqual([]);
  });

  it('takes sentence lengths of the language', () => {
    expect(lengthPrior({ kind: 'gaussian', language: 'de' })(111)).toBe(1);
    expect(lengthPrior({ kind: 'gaussian', language: 'none such' })(70)).toBe(1);
    expect(lengthPrior({ kind: 'lognormal' })(70)).toBeGreaterThan(lengthPrior({ kind: 'lognormal' })(71));
  });

  it('refuses limits that are none and what is no probability', () => {
    expect(() => constrainedEnds([0.5], { minLength: 0 })).toThrow('minLength');
    expect(() => constrainedEnds([0.5], { minLength: 3, maxLength: 2 })).toThrow('maxLength');
    expect(() => constrainedEnds([0.5, Number.NaN])).toThrow('NaN at 1');
    expect(() => constrainedEnds([-1])).toThrow('-1 at 0');
    expect(() => constrainedEnds([1], { algorithm: 'best' as 'greedy' })).toThrow('viterbi or greedy');
    expect(() => constrainedEnds([1], { prior: { kind: 'flat' as 'uniform' } })).toThrow('prior.kind');
    expect(() => constrainedEnds([1], { prior: { spread: 0 } })).toThrow('prior.spread');
  });
});

describe('cutToLengths', () => {
  const alphabet = ['a', 'b', ' ', '  ', '\n', '😀', '\ud800'];
  const anyText = (length: number) =>
    Array.from(random.integers(0, alphabet.length, length), (index) => alphabet[index]!).join('');

  it('keeps the text and the upper limit, whatever the cuts', () => {
    for (let trial = 0; trial < 200; trial += 1) {
      const text = anyText(trial % 50);
      const ends = endsAbove(probabilities([...text].length), 0.7);
      const maxLength = 2 + (trial % 9);
      const segments = cutToLengths(text, ends, { minLength: 2, maxLength });
      expect(segments.join('')).toBe(text);
      for (const segment of segments) expect([...segment].length).toBeLessThanOrEqual(maxLength);
    }
  });

  it('joins what is too short', () => {
    expect(cutToLengths('A. B. C. D.', [2, 5, 8], { minLength: 5 })).toEqual(['A. B. ', 'C. D.']);
    expect(cutToLengths('A. B. C.', [2, 5], { minLength: 5 })).toEqual(['A. B. C.']);
  });

  it('cuts at spaces', () => {
    expect(cutToLengths('one two three four', [], { maxLength: 10 })).toEqual(['one two ', 'three four']);
    expect(cutToLengths('aaaaaaaaaaaa', [], { maxLength: 5 })).toEqual(['aaaaa', 'aaaaa', 'aa']);
  });

  it('leaves white space out when it strips', () => {
    expect(cutToLengths('   ', [], { maxLength: 2, stripWhitespace: true })).toEqual([]);
    expect(cutToLengths('   ', [], { maxLength: 2 })).toEqual(['  ', ' ']);
    expect(cutToLengths('', [], { maxLength: 2 })).toEqual([]);
  });
});

describe('splitSentences', () => {
  const text = 'One. Two.\nThree\nFour.';
  const values = Float32Array.from(text, (character) => (character === '.' ? 0.9 : 0.01));

  it('splits at line feeds of the text as well', () => {
    expect(splitSentences(text, values)).toEqual(['One. ', 'Two.', 'Three', 'Four.']);
    expect(splitSentences(text, values).join('\n')).toBe('One. \nTwo.\nThree\nFour.');
    expect(splitSentences(text, values, { splitNewlines: false })).toEqual(['One. ', 'Two.\n', 'Three\nFour.']);
  });

  it('takes a threshold', () => {
    expect(splitSentences('a.b', [0.2, 0.3, 0.2], { threshold: 0.25 })).toEqual(['a.', 'b']);
    expect(splitSentences('a.b', [0.2, 0.3, 0.2], { threshold: 0.3 })).toEqual(['a.b']);
  });

  it('limits lengths', () => {
    const segments = splitSentences(text, values, {
      maxLength: 8,
      prior: { kind: 'gaussian', targetLength: 6, spread: 3 },
    });
    expect(segments.join('')).toBe(text);
    expect(Math.max(...segments.map(({ length }) => length))).toBeLessThanOrEqual(8);
  });

  it('makes paragraphs of sentences', () => {
    const levels = Float64Array.from(text, (character, index) => (character === '.' ? (index > 5 ? 0.9 : 0.3) : 0));
    expect(splitParagraphs(text, levels)).toEqual([['One. ', 'Two.\n'], ['Three\nFour.']]);
  });

  it('wants one probability a code point', () => {
    expect(() => splitSentences('😀', [0, 0])).toThrow('expected 1');
    expect(splitSentences('', [])).toEqual([]);
    expect(splitParagraphs('', [])).toEqual([]);
  });

  it('is quick on long texts', () => {
    const long = 'word '.repeat(4000);
    const all = probabilities(long.length);
    const segments = splitSentences(long, all, { maxLength: 200, prior: { kind: 'lognormal' } });
    expect(segments.join('')).toBe(long);
  });
});
