import { InputError, type RandomSource } from '@tesserae/core/data';
import type { Matrix } from '../numeric/matrix';

export interface LexinvariantOptions {
  /** Standard deviation of every number. Default `1 / sqrt(dimensions)`: vectors of length about 1 (our choice). */
  readonly deviation?: number;
}

/**
 * Embeddings that mean nothing outside their sequence (lexinvariant language models, arXiv 2305.16349, section 2): every
 * id gets a vector drawn from a normal distribution, the same wherever it occurs in the sequence, another in the next.
 *
 * @param ids - One sequence.
 * @param dimensions - Of a vector, at least 1.
 * @returns One row a position.
 * @throws {InputError} No dimensions.
 */
export function lexinvariantEmbed(
  ids: ArrayLike<number>,
  dimensions: number,
  random: RandomSource,
  options: LexinvariantOptions = {},
): Matrix {
  if (!Number.isSafeInteger(dimensions) || dimensions < 1) {
    throw new InputError('dimensions', 'an integer of at least 1', String(dimensions));
  }
  const { deviation = 1 / Math.sqrt(dimensions) } = options;
  const vectors = new Map<number, Float32Array>();
  const values = new Float32Array(ids.length * dimensions);
  for (let position = 0; position < ids.length; position += 1) {
    const id = ids[position]!;
    let vector = vectors.get(id);
    if (!vector) vectors.set(id, (vector = random.normal(dimensions).map((value) => value * deviation)));
    values.set(vector, position * dimensions);
  }
  return { values, columns: dimensions };
}

/** Ids under other names. */
export interface PermutedIds {
  readonly ids: Int32Array;
  /** New id of every id. */
  readonly permutation: Int32Array;
}

/**
 * Renames ids by a permutation of the vocabulary: what a lexinvariant model cannot notice.
 *
 * @throws {InputError} An id outside the vocabulary.
 */
export function permuteIds(ids: ArrayLike<number>, vocabularySize: number, random: RandomSource): PermutedIds {
  const permutation = random.permutation(vocabularySize);
  const renamed = Int32Array.from(ids, (id, at) => {
    const renamedId = permutation[id];
    if (renamedId === undefined) throw new InputError('ids', `0..${vocabularySize - 1}`, `${id} at ${at}`);
    return renamedId;
  });
  return { ids: renamed, permutation };
}

/** A text under another alphabet. */
export interface Cipher {
  readonly text: string;
  /** What each character of the alphabet became. */
  readonly key: ReadonlyMap<string, string>;
}

/**
 * Replaces the characters of an alphabet by each other: the substitution cipher that lexinvariant models learn to read.
 *
 * @param alphabet - Characters that take part; others stay. Default: the letters a to z.
 */
export function substitutionCipher(
  text: string,
  random: RandomSource,
  alphabet = 'abcdefghijklmnopqrstuvwxyz',
): Cipher {
  const characters = [...new Set(alphabet)];
  const order = random.permutation(characters.length);
  const key = new Map(characters.map((character, index) => [character, characters[order[index]!]!]));
  return { text: Array.from(text, (character) => key.get(character) ?? character).join(''), key };
}
