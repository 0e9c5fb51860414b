import { trieStep, type UnitTrie } from '../trie/unit-trie';

/** What the search for the most probable segmentation needs. */
export interface PathModel {
  /** Pieces, by their ids. */
  readonly trie: UnitTrie;
  /** Log probabilities by id; NaN: not to be used. */
  readonly scores: Float64Array;
  /** Id of a character that no piece covers by itself. */
  readonly unknownId: number;
  /** Score of the path behind such a character, from that of the path before it. */
  readonly scoreUnknown: (here: number) => number;
}

/** The search for the most probable segmentation of a text, in UTF-16 units. */
export interface BestPath {
  readonly text: string;
  /** Score of the best path to every place; candidates are compared before they are stored. */
  readonly best: Float64Array | Float32Array;
  /** Where the best piece that ends at a place begins; once linked, where the piece that begins there ends. */
  readonly joints: Int32Array;
  /** Id of the best piece that ends at a place. */
  readonly ids: Int32Array;
  /** How far the present pass is. */
  at: number;
  /** The piece that is linked next: it ends at `at` and begins here. */
  before: number;
}

/** @param best - Zeros, one more than the text has units. */
export function beginPath(text: string, best: Float64Array | Float32Array): BestPath {
  const places = text.length + 1;
  return { text, best, joints: new Int32Array(places).fill(-1), ids: new Int32Array(places), at: 0, before: -1 };
}

/** Finds the best paths to all places up to `until`, of equals the first found; true at the end of the text. */
export function extendPath(path: BestPath, model: PathModel, until: number): boolean {
  const { text, best, joints, ids } = path;
  const { trie, scores, unknownId } = model;
  const limit = Math.min(until, text.length);
  const offer = (end: number, start: number, score: number, id: number) => {
    if (joints[end] !== -1 && !(score > best[end]!)) return;
    best[end] = score;
    joints[end] = start;
    ids[end] = id;
  };
  let start = path.at;
  while (start < limit) {
    const length = text.codePointAt(start)! > 0xffff ? 2 : 1;
    const here = best[start]!;
    let hasSingle = false;
    for (let at = start, node = 0; at < text.length; at += 1) {
      node = trieStep(trie, node, text.charCodeAt(at));
      if (node < 0) break;
      const id = trie.values[node]!;
      if (id < 0 || Number.isNaN(scores[id])) continue;
      offer(at + 1, start, scores[id]! + here, id);
      if (at + 1 - start === length) hasSingle = true;
    }
    if (!hasSingle) offer(start + length, start, model.scoreUnknown(here), unknownId);
    start += length;
  }
  path.at = start;
  if (start < text.length) return false;
  path.before = joints[start]!;
  return true;
}

/** Turns the joints of the best path round, from the end on, up to `most` of them; true at the beginning of the text. */
export function linkPath(path: BestPath, most: number): boolean {
  const { joints } = path;
  for (let done = 0; path.at > 0; done += 1) {
    if (done === most) return false;
    const start = path.before;
    path.before = joints[start]!;
    joints[start] = path.at;
    path.at = start;
  }
  return true;
}
