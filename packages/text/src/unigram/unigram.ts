import { InputError } from '@tesserae/core/data';
import { byteToken } from '../bytes/byte-alphabet';
import { utf8Encode, utf8TextLength } from '../bytes/utf8';
import type { WordModel, WordTokens } from '../pipeline/word-model';
import { advanceInSteps, stepSize } from '../tokenizer/steps';
import { createUnitTrie } from '../trie/unit-trie';
import { beginPath, type BestPath, extendPath, linkPath, type PathModel } from './best-path';

export interface UnigramOptions {
  /** Pieces and their log probabilities; the place in the list is the id. */
  readonly pieces: readonly (readonly [piece: string, score: number])[];
  readonly unknownId: number | undefined;
  /** Unknown text becomes `<0xNN>` tokens where the vocabulary has them. */
  readonly byteFallback: boolean;
}

/** How much worse than the worst piece an unknown character is. */
const unknownPenalty = 10;

/** The most probable segmentation of a word into pieces, in double precision; of equals the first found stays. */
export function createUnigram({ pieces, unknownId, byteFallback }: UnigramOptions): WordModel {
  const vocabulary = new Map(pieces.map(([piece], id) => [piece, id]));
  const trie = createUnitTrie([...vocabulary]);
  const scores = Float64Array.from(pieces, ([, score]) => score);
  const unknownScore = scores.reduce((least, score) => Math.min(least, score), Infinity) - unknownPenalty;
  const byteIds = Array.from({ length: 256 }, (_, byte) => vocabulary.get(byteToken(byte)));
  const model: PathModel = { trie, scores, unknownId: -1, scoreUnknown: (here) => unknownScore + here };
  const plan: UnknownPlan = { vocabulary, unknownId, byteIds: byteFallback ? byteIds : undefined };

  return {
    kind: 'unigram',
    vocabulary,
    encodeWord(word) {
      const path = beginTokenPath(word);
      extendPath(path, model, word.length);
      linkPath(path, Infinity);
      return takeTokens(path, plan, word.length);
    },
    *encodeParts(word) {
      const path = beginTokenPath(word);
      yield* advanceInSteps((until) => extendPath(path, model, Math.min(until, word.length)));
      while (!linkPath(path, stepSize)) yield;
      while (path.at < word.length) yield takeTokens(path, plan, Math.min(word.length, path.at + stepSize));
    },
  };
}

interface UnknownPlan {
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly unknownId: number | undefined;
  readonly byteIds: readonly (number | undefined)[] | undefined;
}

/** A path, and how far its tokens were taken. */
interface TokenPath extends BestPath {
  /** Bytes of the tokens that were taken. */
  byte: number;
}

const beginTokenPath = (word: string): TokenPath => ({
  ...beginPath(word, new Float64Array(word.length + 1)),
  byte: 0,
});

/** Tokens that begin before `until`: unknown neighbors are joined, then there are ids, bytes or the unknown token. */
function takeTokens(path: TokenPath, plan: UnknownPlan, until: number): WordTokens {
  const { text: word, joints, ids: found } = path;
  const ids: number[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const surfaces: (string | undefined)[] = [];
  const isUnknown = (id: number) => id < 0 || id === plan.unknownId;
  while (path.at < until) {
    const start = path.at;
    let end = joints[start]!;
    const first = found[end]!;
    if (first < 0 && plan.unknownId === undefined) throw missingUnknown(word.slice(start, end));
    if (isUnknown(first)) while (end < word.length && isUnknown(found[joints[end]!]!)) end = joints[end]!;
    const text = word.slice(start, end);
    const length = utf8TextLength(text);
    for (const id of idsOf(text, plan)) {
      if (id === plan.unknownId) surfaces[ids.length] = text;
      ids.push(id);
      starts.push(path.byte);
      ends.push(path.byte + length);
    }
    path.byte += length;
    path.at = end;
  }
  return { ids, starts, ends, surfaces };
}

function idsOf(text: string, { vocabulary, unknownId, byteIds }: UnknownPlan): readonly number[] {
  const id = vocabulary.get(text);
  if (id !== undefined) return [id];
  if (byteIds) {
    const bytes = Array.from(utf8Encode(text), (byte) => byteIds[byte]);
    if (bytes.every((one) => one !== undefined)) return bytes;
  }
  if (unknownId === undefined) throw missingUnknown(text);
  return [unknownId];
}

function missingUnknown(text: string): InputError {
  return new InputError('text', 'pieces of the vocabulary, which has no unknown token', JSON.stringify(text));
}
