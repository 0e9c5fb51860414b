import { InputError } from '@tesserae/core/data';
import type { TextEncoding } from './text-tokenizer';

/** A half-open range. */
export type Range = readonly [start: number, end: number];

/** The token that holds a character of a text, by its offset; undefined where none does. */
export function characterToToken(encoding: TextEncoding, offset: number, sequence = 0): number | undefined {
  const offsets = offsetsOf(encoding);
  for (let token = 0; token < encoding.ids.length; token += 1) {
    if (sequenceOf(encoding, token) !== sequence) continue;
    if (offsets[token * 2]! <= offset && offset < offsets[token * 2 + 1]!) return token;
  }
  return undefined;
}

/** Range of a token in its text; undefined for an added token. */
export function tokenToCharacters(encoding: TextEncoding, token: number): Range | undefined {
  const offsets = offsetsOf(encoding);
  if (sequenceOf(encoding, token) < 0) return undefined;
  return [offsets[token * 2]!, offsets[token * 2 + 1]!];
}

/** The word of a token; undefined for an added token. */
export function tokenToWord({ wordIds, ids }: TextEncoding, token: number): number | undefined {
  checkToken(ids, token);
  const word = wordIds?.[token] ?? -1;
  return word < 0 ? undefined : word;
}

/** The tokens of a word; undefined where it has none. */
export function wordToTokens(encoding: TextEncoding, word: number, sequence = 0): Range | undefined {
  let start = -1;
  let end = -1;
  for (let token = 0; token < encoding.ids.length; token += 1) {
    if (sequenceOf(encoding, token) !== sequence || encoding.wordIds?.[token] !== word) continue;
    if (start < 0) start = token;
    end = token + 1;
  }
  return start < 0 ? undefined : [start, end];
}

/** Range of a word in its text; undefined where it has no tokens. */
export function wordToCharacters(encoding: TextEncoding, word: number, sequence = 0): Range | undefined {
  const tokens = wordToTokens(encoding, word, sequence);
  if (!tokens) return undefined;
  const offsets = offsetsOf(encoding);
  return [offsets[tokens[0] * 2]!, offsets[tokens[1] * 2 - 1]!];
}

function sequenceOf({ sequenceIds, ids }: TextEncoding, token: number): number {
  checkToken(ids, token);
  return sequenceIds ? sequenceIds[token]! : 0;
}

function checkToken(ids: Int32Array, token: number): void {
  if (!Number.isInteger(token) || token < 0 || token >= ids.length) {
    throw new InputError('token', `0..${ids.length - 1}`, String(token));
  }
}

function offsetsOf({ offsets }: TextEncoding): Int32Array {
  if (!offsets) throw new InputError('encoding', 'offsets (option "offsets" of encode)', 'none');
  return offsets;
}
