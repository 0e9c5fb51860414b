import { createUnitTrie, trieNode, trieStep, type UnitTrie } from '../../trie/unit-trie';
import type { UnitEnd } from '../units/text-units';

/** The pieces of a training step, found in words. Piece 0 stands for unknown characters. */
export interface PieceModel {
  readonly trie: UnitTrie;
  /** Node of the trie where each of the seeds ends. */
  readonly nodes: ReadonlyMap<string, number>;
  /** Piece that ends at a node, by now; -1: none. */
  readonly pieceAt: Int32Array;
  scores: Float64Array;
  /** Where characters end. */
  readonly unitEnd: UnitEnd;
  /** Score of an unknown character. */
  unknownScore: number;
}

/** Below the worst piece. */
const unknownPenalty = 10;

/** Makes a model of seeds; later models are of some of them. */
export function createPieceModel(texts: readonly string[], unitEnd: UnitEnd): PieceModel {
  const trie = createUnitTrie(texts.slice(1).map((text, index) => [text, index + 1] as const));
  return {
    trie,
    nodes: new Map(texts.slice(1).map((text) => [text, trieNode(trie, text)])),
    pieceAt: new Int32Array(trie.values.length).fill(-1),
    scores: new Float64Array(0),
    unitEnd,
    unknownScore: 0,
  };
}

/** Gives the model other pieces and scores. */
export function setPieces(model: PieceModel, texts: readonly string[], scores: Float64Array): void {
  model.pieceAt.fill(-1);
  for (let piece = 1; piece < texts.length; piece += 1) model.pieceAt[model.nodes.get(texts[piece]!)!] = piece;
  model.scores = scores;
  model.unknownScore = smallestScore(scores) - unknownPenalty;
}

export function smallestScore(scores: Float64Array): number {
  let smallest = Infinity;
  for (const score of scores) if (score < smallest) smallest = score;
  return smallest;
}

/** Every way to put a word together: pieces by where they begin, then by length. */
export interface Lattice {
  begins: Int32Array;
  ends: Int32Array;
  pieces: Int32Array;
  scores: Float64Array;
  /** Pieces in it. */
  size: number;
  /** UTF-16 units of the word. */
  length: number;
}

export function createLattice(): Lattice {
  const none = new Int32Array(0);
  return { begins: none, ends: none, pieces: none, scores: new Float64Array(0), size: 0, length: 0 };
}

/** Fills a lattice with the pieces of a word. */
export function fillLattice(lattice: Lattice, model: PieceModel, word: string): void {
  const { trie, pieceAt, scores, unknownScore, unitEnd } = model;
  lattice.size = 0;
  lattice.length = word.length;
  for (let begin = 0; begin < word.length;) {
    const next = unitEnd(word, begin);
    let hasCharacter = false;
    let node = 0;
    for (let at = begin; at < word.length; at += 1) {
      node = trieStep(trie, node, word.charCodeAt(at));
      if (node < 0) break;
      const piece = pieceAt[node]!;
      if (piece < 0) continue;
      addNode(lattice, begin, at + 1, piece, scores[piece]!);
      if (at + 1 === next) hasCharacter = true;
    }
    if (!hasCharacter) addNode(lattice, begin, next, 0, unknownScore);
    begin = next;
  }
}

function addNode(lattice: Lattice, begin: number, end: number, piece: number, score: number): void {
  const at = lattice.size++;
  if (at === lattice.begins.length) enlargeLattice(lattice);
  lattice.begins[at] = begin;
  lattice.ends[at] = end;
  lattice.pieces[at] = piece;
  lattice.scores[at] = score;
}

function enlargeLattice(lattice: Lattice): void {
  const room = Math.max(256, lattice.begins.length * 2);
  const grown = { begins: new Int32Array(room), ends: new Int32Array(room), pieces: new Int32Array(room) };
  grown.begins.set(lattice.begins);
  grown.ends.set(lattice.ends);
  grown.pieces.set(lattice.pieces);
  const scores = new Float64Array(room);
  scores.set(lattice.scores);
  Object.assign(lattice, grown, { scores });
}
