import { InputError, ShapeError } from '@tesserae/core/data';
import { type Matrix, rowCount } from '../numeric/matrix';
import { matrixOfRows, weightedRow } from '../numeric/weighted-rows';
import type { WordVectors } from './dictionary';

/**
 * Vectors of tokens from a model that gives one to any text (fastText with subwords).
 *
 * @param texts - What every id decodes to.
 * @param vectorOf - Vector of a text without surrounding white space; undefined where it has none.
 * @param dim - Numbers of one vector.
 * @returns `[tokens, dim]`, zeros where there is no vector.
 * @throws {ShapeError} A vector of another dimension.
 */
export function subwordVectorsOfTexts(
  texts: readonly string[],
  vectorOf: (text: string) => ArrayLike<number> | undefined,
  dim: number,
): Matrix {
  const rows = texts.map((text) => {
    const vector = vectorOf(text.trim()) ?? new Float32Array(dim);
    if (vector.length !== dim) throw new ShapeError('vectorOf', `${dim} numbers`, [vector.length]);
    return vector;
  });
  return matrixOfRows(rows, dim);
}

export interface SubwordVectorsOptions extends WordVectors {
  /** How often each word occurs, above 0. */
  readonly frequencies: ArrayLike<number>;
  /** Ids of a text without special tokens. */
  readonly encode: (text: string) => ArrayLike<number>;
  /** Ids of the tokenizer. */
  readonly vocabularySize: number;
  /** Only the first words count. Default: all. */
  readonly maxWords?: number;
}

/**
 * Vectors of tokens as means of the vectors of words that hold them, weighted by frequency; a word is tokenized at the
 * beginning of a text and after a space, and counts twice for tokens of both.
 *
 * @returns `[tokens, dim]`, zeros for tokens that no word has.
 * @throws {ShapeError} Not one vector and one frequency a word.
 * @throws {InputError} `encode` gave an id that is too large.
 */
export function subwordVectorsOfWords(options: SubwordVectorsOptions): Matrix {
  const { words, vectors, frequencies, encode, vocabularySize, maxWords = words.length } = options;
  const rows = rowCount('subwordVectorsOfWords: vectors', vectors);
  if (rows !== words.length || frequencies.length !== words.length) {
    const shape = [rows, frequencies.length];
    throw new ShapeError('subwordVectorsOfWords', `${words.length} vectors and frequencies`, shape);
  }
  const wordsOfToken: number[][] = Array.from({ length: vocabularySize }, () => []);
  for (const [index, word] of words.slice(0, maxWords).entries()) {
    for (const ids of [encode(word), encode(` ${word}`)]) {
      for (const id of new Set(Array.from(ids))) {
        const list = wordsOfToken[id];
        if (!list) throw new InputError('encode', `ids below ${vocabularySize}`, String(id));
        list.push(index);
      }
    }
  }
  const means = wordsOfToken.map((list) => {
    const total = list.reduce((sum, index) => sum + frequencies[index]!, 0);
    return weightedRow({ rows: list, weights: list.map((index) => frequencies[index]! / total) }, vectors);
  });
  return matrixOfRows(means, vectors.columns);
}
