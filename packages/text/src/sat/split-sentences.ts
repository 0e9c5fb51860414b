import { InputError } from '@tesserae/core/data';
import { constrainedEnds, type LengthLimits } from './constrained-ends';
import { type CutOptions, cutText, endsAbove } from './cut-text';
import { cutToLengths } from './cut-to-lengths';

export interface SplitOptions extends CutOptions, LengthLimits {
  /** Cut behind characters of a higher probability, 0..1. Default 0.025. Not used where lengths are limited. */
  readonly threshold?: number;
  /**
   * Cuts at line feeds of the text too and drops them, so that the sentences join with line feeds. Default true. Not used
   * where lengths are limited.
   */
  readonly splitNewlines?: boolean;
}

export interface ParagraphOptions extends Omit<SplitOptions, 'splitNewlines'> {
  /** End a paragraph behind characters of a higher probability, 0..1. Default 0.5. */
  readonly paragraphThreshold?: number;
  /** Probability of the end of a paragraph behind every code point. Default: that of the end of a sentence. */
  readonly paragraphProbabilities?: ArrayLike<number>;
}

/**
 * Splits a text into sentences by the probability of an end behind every character (`WtP.split`, `SaT.split`).
 *
 * @param probabilities - One for every code point of the text, 0..1.
 * @throws {InputError} Another number of probabilities; limits that are none.
 */
export function splitSentences(text: string, probabilities: ArrayLike<number>, options: SplitOptions = {}): string[] {
  checkCount(text, probabilities);
  if (isLimited(options)) return cutToLengths(text, constrainedEnds(probabilities, options), options);
  const { threshold = 0.025, splitNewlines = true } = options;
  const sentences = cutText(text, endsAbove(probabilities, threshold), options);
  if (!splitNewlines) return sentences;
  return sentences.flatMap((sentence, index) => {
    const isLast = index === sentences.length - 1;
    return (!isLast && sentence.endsWith('\n') ? sentence.slice(0, -1) : sentence).split('\n');
  });
}

/**
 * Splits a text into paragraphs of sentences: the same probabilities, with a higher threshold for paragraphs.
 *
 * @param probabilities - One for every code point of the text, 0..1.
 * @throws {InputError} Another number of probabilities; limits that are none.
 */
export function splitParagraphs(
  text: string,
  probabilities: ArrayLike<number>,
  options: ParagraphOptions = {},
): string[][] {
  checkCount(text, probabilities);
  const { paragraphThreshold = 0.5, paragraphProbabilities = probabilities, ...sentenceOptions } = options;
  checkCount(text, paragraphProbabilities);
  const values = probabilities instanceof Float32Array ? probabilities : Float64Array.from(probabilities);
  let start = 0;
  return cutText(text, endsAbove(paragraphProbabilities, paragraphThreshold)).map((paragraph) => {
    const end = start + [...paragraph].length;
    const inside = values.subarray(start, end);
    start = end;
    return splitSentences(paragraph, inside, { ...sentenceOptions, splitNewlines: false });
  });
}

function isLimited({ minLength = 1, maxLength }: LengthLimits): boolean {
  return maxLength !== undefined || minLength > 1;
}

function checkCount(text: string, probabilities: ArrayLike<number>): void {
  const count = [...text].length;
  if (probabilities.length !== count) {
    throw new InputError('probabilities', `${count}, one for every code point`, String(probabilities.length));
  }
}
