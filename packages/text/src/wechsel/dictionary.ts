import { InputError, ShapeError } from '@tesserae/core/data';
import { type Matrix, rowCount, rowOf } from '../numeric/matrix';
import { orthogonalProcrustes } from '../numeric/svd';
import { matrixOfRows } from '../numeric/weighted-rows';

/** Words and their vectors. */
export interface WordVectors {
  readonly words: readonly string[];
  /** `[words, dim]`. */
  readonly vectors: Matrix;
}

/** A word and its translation. */
export type WordPair = readonly [source: string, target: string];

/**
 * Reads a bilingual dictionary, one pair a line: two words with a tab between them, or else white space.
 *
 * @throws {InputError} A line of another form.
 */
export function parseDictionary(text: string): WordPair[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines.flatMap((line, index): WordPair[] => {
    if (line === '') return [];
    const byTab = line.split('\t');
    const [source, target, ...rest] = byTab.length === 2 ? byTab : line.split(/\p{White_Space}+/u);
    if (source === undefined || target === undefined || rest.length > 0) {
      throw new InputError(`dictionary line ${index + 1}`, 'two words', JSON.stringify(line));
    }
    return [[source, target]];
  });
}

/**
 * The rotation that takes vectors of a source language to those of a target language, from a dictionary. Every pair
 * counts in each of its spellings (as it is, lower case, title case) that both sides know, more than once where spellings
 * coincide, as in the official code.
 *
 * @returns `[dim, dim]`, to be multiplied from the right.
 * @throws {InputError} No pair is known to both sides.
 * @throws {ShapeError} Vectors of different dimensions: reduce the larger ones with `reduceColumns`.
 */
export function alignByDictionary(source: WordVectors, target: WordVectors, pairs: readonly WordPair[]): Matrix {
  const { columns } = source.vectors;
  if (target.vectors.columns !== columns) {
    throw new ShapeError('alignByDictionary: target', `vectors of ${columns} numbers`, [target.vectors.columns]);
  }
  const [sourceRows, targetRows] = [rowsOfWords('source', source), rowsOfWords('target', target)];
  const left: ArrayLike<number>[] = [];
  const right: ArrayLike<number>[] = [];
  for (const [from, to] of pairs) {
    for (const sourceWord of spellings(from)) {
      for (const targetWord of spellings(to)) {
        const [sourceRow, targetRow] = [sourceRows.get(sourceWord), targetRows.get(targetWord)];
        if (sourceRow === undefined || targetRow === undefined) continue;
        left.push(rowOf(source.vectors, sourceRow));
        right.push(rowOf(target.vectors, targetRow));
      }
    }
  }
  if (left.length === 0) throw new InputError('pairs', 'at least one pair of known words', 'none');
  return orthogonalProcrustes(matrixOfRows(left, columns), matrixOfRows(right, columns));
}

function rowsOfWords(name: string, { words, vectors }: WordVectors): Map<string, number> {
  if (rowCount(`${name}.vectors`, vectors) !== words.length) {
    throw new ShapeError(`${name}.vectors`, `${words.length} rows`, [vectors.values.length / vectors.columns]);
  }
  return new Map(words.map((word, row) => [word, row]));
}

const spellings = (word: string): string[] => [word, word.toLowerCase(), titleCase(word)];

/** Every run of letters with a capital in front. */
export const titleCase = (text: string): string =>
  text.replace(/[\p{L}\p{M}]+/gu, (letters) => {
    const [first = '', ...rest] = letters;
    return first.toUpperCase() + rest.join('').toLowerCase();
  });
