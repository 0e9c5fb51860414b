import { InputError } from '@tesserae/core/data';
import { byteToken } from '../bytes/byte-alphabet';
import { utf8Encode, utf8TextLength } from '../bytes/utf8';
import type { WordModel, WordTokens } from '../pipeline/word-model';
import { createUnitTrie, trieStep, type UnitTrie } from '../trie/unit-trie';

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

  return {
    kind: 'unigram',
    vocabulary,
    encodeWord(word) {
      const path = bestPath(trie, scores, unknownScore, word);
      return pathTokens(word, path, { vocabulary, unknownId, byteIds: byteFallback ? byteIds : undefined });
    },
  };
}

/** Stretches of a word, in UTF-16 units; `id` is -1 where it is unknown. */
interface PathPiece {
  readonly start: number;
  readonly end: number;
  readonly id: number;
}

function bestPath(trie: UnitTrie, scores: Float64Array, unknownScore: number, word: string): PathPiece[] {
  const best = new Float64Array(word.length + 1);
  const from = new Int32Array(word.length + 1).fill(-1);
  const ids = new Int32Array(word.length + 1).fill(-1);
  const offer = (end: number, start: number, score: number, id: number) => {
    if (from[end] !== -1 && !(score > best[end]!)) return;
    best[end] = score;
    from[end] = start;
    ids[end] = id;
  };
  for (let start = 0; start < word.length;) {
    const length = word.codePointAt(start)! > 0xffff ? 2 : 1;
    const here = best[start]!;
    let hasSingle = false;
    for (let at = start, node = 0; at < word.length; at += 1) {
      node = trieStep(trie, node, word.charCodeAt(at));
      if (node < 0) break;
      const id = trie.values[node]!;
      if (id < 0) continue;
      offer(at + 1, start, scores[id]! + here, id);
      if (at + 1 - start === length) hasSingle = true;
    }
    if (!hasSingle) offer(start + length, start, unknownScore + here, -1);
    start += length;
  }
  const path: PathPiece[] = [];
  for (let end = word.length; end > 0; end = from[end]!) path.push({ start: from[end]!, end, id: ids[end]! });
  return path.reverse();
}

interface UnknownPlan {
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly unknownId: number | undefined;
  readonly byteIds: readonly (number | undefined)[] | undefined;
}

/** Joins unknown neighbours, then gives ids, bytes or the unknown token. */
function pathTokens(word: string, path: readonly PathPiece[], plan: UnknownPlan): WordTokens {
  const ids: number[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const surfaces: (string | undefined)[] = [];
  let byte = 0;
  for (let index = 0; index < path.length;) {
    const { start } = path[index]!;
    let { end } = path[index]!;
    const isUnknown = (piece: PathPiece | undefined) =>
      piece !== undefined && (piece.id < 0 || piece.id === plan.unknownId);
    const joins = isUnknown(path[index]);
    if (path[index]!.id < 0 && plan.unknownId === undefined) throw missingUnknown(word.slice(start, end));
    index += 1;
    for (; joins && isUnknown(path[index]); index += 1) end = path[index]!.end;
    const text = word.slice(start, end);
    const length = utf8TextLength(text);
    for (const id of idsOf(text, plan)) {
      if (id === plan.unknownId) surfaces[ids.length] = text;
      ids.push(id);
      starts.push(byte);
      ends.push(byte + length);
    }
    byte += length;
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
