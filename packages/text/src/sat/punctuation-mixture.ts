import { InputError } from '@tesserae/core/data';
import { fitLogistic, type LogisticOptions, sigmoid } from '../numeric/logistic-regression';
import { bestThreshold } from './best-threshold';

/** Tells ends of sentences in a language and a style by all labels of a WtP model. */
export interface PunctuationMixture {
  /** One for every label, or for every one of `features`. */
  readonly coefficients: ArrayLike<number>;
  readonly intercept: number;
  /** Labels that count. Default: all. */
  readonly features?: readonly number[];
  /** Sentences end behind a higher probability. */
  readonly threshold: number;
}

export interface FittedMixture {
  /** Undefined where the model has one label only. */
  readonly mixture: PunctuationMixture | undefined;
  /** The best threshold for the first label alone. */
  readonly newlineThreshold: number;
}

export interface FitMixtureOptions extends LogisticOptions {
  /** Labels that count. Default: all. */
  readonly features?: readonly number[];
}

/**
 * Adapts a WtP model to a language and a style by examples: a logistic regression over the logits of all labels and the
 * threshold with the best F1 score (arXiv 2305.18893, section 3.3; `train_mixture` of wtpsplit).
 *
 * @param logits - `[characters, labels]`, finite.
 * @param ends - 1 for the last character of a sentence: {@link sentenceEndLabels}.
 * @throws {InputError} Numbers that do not fit.
 */
export function fitPunctuationMixture(
  logits: Float32Array,
  labels: number,
  ends: ArrayLike<number>,
  { features, ...options }: FitMixtureOptions = {},
): FittedMixture {
  if (logits.length !== ends.length * labels) {
    throw new InputError('logits', `[${ends.length}, ${labels}]`, String(logits.length));
  }
  const first = Float32Array.from(ends, (_, row) => sigmoid(logits[row * labels]!));
  const newlineThreshold = bestThreshold(first, ends);
  if (labels === 1) return { mixture: undefined, newlineThreshold };
  const used = features ?? Array.from({ length: labels }, (_, label) => label);
  const rows = Float64Array.from({ length: ends.length * used.length }, (_, at) => {
    return logits[Math.floor(at / used.length) * labels + used[at % used.length]!]!;
  });
  const fitted = { ...fitLogistic(rows, used.length, ends, options), ...(features && { features }) };
  const chances = chancesOf(logits, labels, fitted);
  return { mixture: { ...fitted, threshold: bestThreshold(chances, ends) }, newlineThreshold };
}

/**
 * Probability of an end behind every character, 0..1; 0 where the model saw nothing.
 *
 * @param logits - `[characters, labels]`.
 * @throws {InputError} Coefficients for other labels.
 */
export function punctuationProbabilities(
  logits: Float32Array,
  labels: number,
  mixture: Omit<PunctuationMixture, 'threshold'>,
): Float32Array {
  return Float32Array.from(chancesOf(logits, labels, mixture));
}

function chancesOf(
  logits: Float32Array,
  labels: number,
  { coefficients, intercept, features }: Omit<PunctuationMixture, 'threshold'>,
): Float64Array {
  const used = features ?? Array.from({ length: labels }, (_, label) => label);
  if (coefficients.length !== used.length || used.some((label) => !(label >= 0 && label < labels))) {
    throw new InputError('mixture', `coefficients of ${used.length} of ${labels} labels`, String(coefficients.length));
  }
  return Float64Array.from({ length: logits.length / labels }, (_, row) => {
    if (logits[row * labels] === -Infinity) return 0;
    return sigmoid(used.reduce((sum, label, at) => sum + coefficients[at]! * logits[row * labels + label]!, intercept));
  });
}

/**
 * Which characters of a text end a sentence.
 *
 * @param sentences - Those of the text, in order.
 * @param separator - What stands between them: nothing in languages without spaces. Default one space.
 * @returns 1 for the last code point of every sentence, 0 for others.
 */
export function sentenceEndLabels(sentences: readonly string[], separator = ' '): Uint8Array {
  const gap = [...separator].length;
  const lengths = sentences.map((sentence) => [...sentence].length);
  const total = lengths.reduce((sum, length) => sum + length, 0) + gap * Math.max(0, sentences.length - 1);
  const ends = new Uint8Array(total);
  let at = 0;
  for (const length of lengths) {
    at += length;
    if (at > 0) ends[at - 1] = 1;
    at += gap;
  }
  return ends;
}
