import { InputError, type RandomSource } from '@tesserae/core/data';
import { byteCharacters } from '../bytes/byte-alphabet';

export interface VocabularySampleOptions {
  /** Pieces, those of all bytes and of white space counted. */
  readonly size: number;
  /** Byte characters of a piece are fewer than this. Default 16. */
  readonly maxLength?: number;
  /** Standard deviation of the noise on shares, 0 or more. Default 0. */
  readonly noise?: number;
}

/** A piece of a Unigram model. */
export interface SampledPiece {
  /** In the byte alphabet of GPT-2. */
  readonly piece: string;
  /** Natural logarithm. */
  readonly score: number;
}

/** What makes a score of a share that noise made negative. */
const lowestScore = -100_000;
const whiteSpace = ['Ġ', 'Ċ', 'ĉ'] as const;

/**
 * Draws a vocabulary as training of ZeTT does for every batch (arXiv 2405.07883, section 3.2; `sample_tokenizer`): all
 * bytes, runs of white space, and the substrings of pre-tokens that are frequent and long, with noise on their shares.
 *
 * @param pretokens - Counts by pre-token in the byte alphabet, of the last batches. Substrings begin at any byte.
 * @throws {InputError} Counts below 1, or noise below 0.
 */
export function sampleVocabulary(
  pretokens: ReadonlyMap<string, number>,
  random: RandomSource,
  options: VocabularySampleOptions,
): SampledPiece[] {
  const { size, maxLength = 16, noise = 0 } = options;
  if (!(noise >= 0)) throw new InputError('noise', 'a number of at least 0', String(noise));
  const weights = substringWeights(pretokens, maxLength);
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const least = [...weights.values()].reduce((low, weight) => Math.min(low, weight), Infinity);
  const byteScore = weights.size > 0 ? Math.log(least / total) : 0;
  const pieces: SampledPiece[] = byteCharacters.map((piece) => ({ piece, score: byteScore }));
  for (const repeated of whiteSpace) {
    for (let times = 1; times < maxLength; times += 1) {
      for (const first of whiteSpace) pieces.push({ piece: first + repeated.repeat(times), score: 0 });
    }
  }
  const drawn = noise > 0 ? random.normal(weights.size) : new Float32Array(weights.size);
  const scored = [...weights].map(([piece, weight], index) => {
    const share = weight / total + noise * drawn[index]!;
    return { piece, score: share > 0 ? Math.log(share) : lowestScore };
  });
  for (const one of scored.toSorted((a, b) => b.score - a.score)) {
    if (pieces.length >= size) break;
    const spaces = Array.from(one.piece).filter((character) => whiteSpace.includes(character as 'Ġ')).length;
    if (one.piece.length > 1 && spaces < 2) pieces.push(one);
  }
  return pieces;
}

/** Frequency times bytes of every substring, in UTF-8 of the byte alphabet as the official code counts. */
function substringWeights(pretokens: ReadonlyMap<string, number>, maxLength: number): Map<string, number> {
  const weights = new Map<string, number>();
  const encoder = new TextEncoder();
  for (const [pretoken, count] of pretokens) {
    if (!(count >= 1))
      throw new InputError('pretokens', 'counts of at least 1', `${count} of ${JSON.stringify(pretoken)}`);
    for (let start = 0; start < pretoken.length; start += 1) {
      for (let end = start + 1; end < start + maxLength && end <= pretoken.length; end += 1) {
        const piece = pretoken.slice(start, end);
        weights.set(piece, (weights.get(piece) ?? 0) + count * encoder.encode(piece).length);
      }
    }
  }
  return weights;
}
