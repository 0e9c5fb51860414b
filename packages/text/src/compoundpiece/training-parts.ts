import { InputError } from '@tesserae/core/data';
import { utf8TextLength } from '../bytes/utf8';
import { codePointsOf } from '../edit-distance/edit-distance';
import { categoryTest } from '../tables/general-category';
import { isPythonSpace, stripSpace } from '../unicode/python-space';
import type { Decompounder } from './dictionary-decompounder';
import { segmentCompoundText } from './segment-words';
import { splitByParts } from './split-by-parts';

export interface TrainingPartsOptions {
  /** Splits words. Default: words stay whole, which is the baseline. */
  readonly decompound?: Decompounder;
  /** Words that come less often are left out, and the counts of the others divided by this. Default 16. */
  readonly resolution?: number;
  /** Words of so many bytes or more are left out. Default 32. */
  readonly maxBytes?: number;
}

/** Counts words of texts, each with the space that stood in front of it, as {@link segmentCompoundText} cuts them. */
export function countCompoundWords(texts: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const { prefix, text: word } of segmentCompoundText(text)) {
      counts.set(prefix + word, (counts.get(prefix + word) ?? 0) + 1);
    }
  }
  return counts;
}

const isSignOrDigit = categoryTest(16, 'P', 'S', 'Nd');

/**
 * Parts of words with their counts, for training a Unigram model that keeps to the parts of compounds (arXiv 2305.14214,
 * section 5; `train_spm.py` of the official code). Parts are stretches of the words as they are written; spaces are
 * shown as `▁`. Words with hyphens and words without letters are not split.
 *
 * Train on them with a vocabulary of 250 112 pieces for many languages, or 32 768 for one, as the authors do.
 *
 * @param counts - Of words with the space in front of them.
 * @throws {InputError} A resolution or length below 1.
 */
export function compoundTrainingParts(
  counts: ReadonlyMap<string, number>,
  options: TrainingPartsOptions = {},
): Map<string, number> {
  const { decompound, resolution = 16, maxBytes = 32 } = options;
  for (const [name, value] of Object.entries({ resolution, maxBytes })) {
    if (!(value >= 1)) throw new InputError(name, 'a number of at least 1', String(value));
  }
  const parts = new Map<string, number>();
  for (const [word, count] of counts) {
    if (count < resolution || utf8TextLength(word) >= maxBytes) continue;
    for (const part of decompound && hasParts(word) ? partsOf(word, decompound) : [word]) {
      const piece = part.replaceAll(' ', '▁');
      parts.set(piece, (parts.get(piece) ?? 0) + Math.floor(count / resolution));
    }
  }
  return parts;
}

/** False for words that people have split already, and for those without letters. */
const hasParts = (word: string): boolean =>
  !/[-‐]/u.test(word) && codePointsOf(word).some((codePoint) => !isPythonSpace(codePoint) && !isSignOrDigit(codePoint));

function partsOf(word: string, decompound: Decompounder): readonly string[] {
  const parts = decompound(stripSpace(word));
  return parts.length > 1 ? (splitByParts(word, parts) ?? [word]) : [word];
}
