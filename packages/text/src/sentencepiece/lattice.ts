import type { RandomSource } from '@tesserae/core/data';
import { trieStep } from '../trie/unit-trie';
import { createHeap } from './std-heap';
import { pieceScore, type PieceLattice } from './unigram-model';
import type { FoundPiece } from './vocabulary';

/** A piece at a place of the text. */
interface LatticeNode {
  /** In characters. */
  readonly begin: number;
  readonly end: number;
  readonly id: number;
  /** float32, as are all scores here. */
  readonly score: number;
  /** Best score up to and with this node. */
  best: number;
  /** Logarithm of the sum over all paths up to this node. */
  forward: number;
}

/** All pieces of a text, by where they begin and end. */
export interface TextLattice {
  readonly begins: readonly LatticeNode[][];
  readonly ends: readonly LatticeNode[][];
  readonly last: LatticeNode;
  /** UTF-16 unit of each character, and of the end. */
  readonly units: Int32Array;
}

const single = Math.fround;

export function buildLattice(model: PieceLattice, text: string): TextLattice {
  const characters = [...text];
  const length = characters.length;
  const units = new Int32Array(length + 1);
  for (const [index, character] of characters.entries()) units[index + 1] = units[index]! + character.length;
  const begins: LatticeNode[][] = Array.from({ length: length + 1 }, () => []);
  const ends: LatticeNode[][] = Array.from({ length: length + 1 }, () => []);
  const insert = (begin: number, end: number, id: number, score: number) => {
    const node = { begin, end, id, score: single(score), best: 0, forward: 0 };
    begins[begin]!.push(node);
    ends[end]!.push(node);
  };
  const first: LatticeNode = { begin: 0, end: 0, id: -1, score: 0, best: 0, forward: 0 };
  const last: LatticeNode = { begin: length, end: length, id: -1, score: 0, best: 0, forward: 0 };
  ends[0]!.push(first);
  for (let begin = 0; begin < length; begin += 1) {
    let hasSingle = false;
    let node = 0;
    for (let end = begin; end < length && node >= 0; end += 1) {
      for (let unit = units[end]!; unit < units[end + 1]! && node >= 0; unit += 1) {
        node = trieStep(model.trie, node, text.charCodeAt(unit));
      }
      const id = node < 0 ? -1 : model.trie.values[node]!;
      if (id < 0 || Number.isNaN(model.scores[id])) continue;
      insert(begin, end + 1, id, pieceScore(model, id, end + 1 - begin));
      if (end === begin) hasSingle = true;
    }
    if (!hasSingle) insert(begin, begin + 1, model.vocabulary.unknownId, model.unknownScore);
  }
  begins[length]!.push(last);
  return { begins, ends, last, units };
}

/** Fills `best` of every node. */
function findBest({ begins, ends }: TextLattice): void {
  for (const [place, nodes] of begins.entries()) {
    for (const node of nodes) {
      let best: number | undefined;
      for (const before of ends[place]!) {
        const score = single(before.best + node.score);
        if (best === undefined || score > best) best = score;
      }
      node.best = best!;
    }
  }
}

/** Fills `forward` of every node, for scores times `temperature`. */
function sumForward({ begins, ends }: TextLattice, temperature: number): void {
  for (const [place, nodes] of begins.entries()) {
    let sum: number | undefined;
    for (const before of ends[place]!) {
      const score = single(single(temperature * before.score) + before.forward);
      sum = sum === undefined ? score : addLogarithms(sum, score);
    }
    for (const node of nodes) node.forward = sum!;
  }
}

function addLogarithms(left: number, right: number): number {
  const least = Math.min(left, right);
  const most = Math.max(left, right);
  return most > least + 50 ? most : single(most + Math.log(Math.exp(least - most) + 1));
}

/** A path from some node to the end of the text. */
interface Hypothesis {
  readonly node: LatticeNode;
  readonly next: Hypothesis | undefined;
  /** Score of the best whole path through it. */
  readonly total: number;
  /** Score of its own nodes. */
  readonly own: number;
}

/** A segmentation and its score. */
export interface ScoredPath {
  readonly pieces: readonly FoundPiece[];
  readonly score: number;
}

const largestAgenda = 10_000;
const keptAgenda = 512;

/** The `count` best segmentations, best first, by A* from the end with exact remaining scores. */
export function bestPaths(lattice: TextLattice, count: number): ScoredPath[] {
  findBest(lattice);
  const { last, ends } = lattice;
  const results: ScoredPath[] = [];
  let agenda = createHeap<Hypothesis>((left, right) => left.total < right.total);
  agenda.push({ node: last, next: undefined, total: last.best, own: 0 });
  for (let top = agenda.pop(); top; top = agenda.pop()) {
    if (top.node.id === -1 && top.node !== last) {
      results.push({ pieces: pathOf(lattice, top), score: top.total });
      if (results.length === count) break;
      continue;
    }
    for (const node of ends[top.node.begin]!) {
      agenda.push({ node, next: top, own: single(node.score + top.own), total: single(node.best + top.own) });
    }
    if (agenda.size() >= largestAgenda) {
      const kept = createHeap<Hypothesis>((left, right) => left.total < right.total);
      for (let left = Math.min(keptAgenda, count * 10); left > 0; left -= 1) kept.push(agenda.pop()!);
      agenda = kept;
    }
  }
  return results;
}

function pathOf({ units }: TextLattice, start: Hypothesis): FoundPiece[] {
  const pieces: FoundPiece[] = [];
  for (let at = start.next; at?.next; at = at.next) pieces.push(pieceOf(units, at.node));
  return pieces;
}

const pieceOf = (units: Int32Array, { begin, end, id }: LatticeNode): FoundPiece => ({
  start: units[begin]!,
  end: units[end]!,
  id,
});

/** Draws a segmentation: forward sums, then backward choices. */
export function samplePath(lattice: TextLattice, temperature: number, random: RandomSource): FoundPiece[] {
  sumForward(lattice, temperature);
  const pieces: FoundPiece[] = [];
  let node = lattice.last;
  for (;;) {
    const before = lattice.ends[node.begin]!;
    const weights = before.map((one) => Math.exp(one.forward + temperature * one.score - node.forward));
    node = before[drawIndex(weights, random)]!;
    if (node.id === -1) return pieces.reverse();
    pieces.push(pieceOf(lattice.units, node));
  }
}

/** An index, drawn in proportion to weights. */
export function drawIndex(weights: readonly number[], random: RandomSource): number {
  let left = random.uniform(1)[0]! * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [index, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return index;
  }
  return weights.length - 1;
}

/** Entropy of the segmentations of a text, in nats, with scores times `temperature`. */
export function latticeEntropy(lattice: TextLattice, temperature: number): number {
  sumForward(lattice, temperature);
  const entropies = new Map<LatticeNode, number>();
  for (const [place, nodes] of lattice.begins.entries()) {
    for (const node of nodes) {
      let sum = 0;
      for (const before of lattice.ends[place]!) {
        const step = single(single(single(temperature * before.score) + before.forward) - node.forward);
        sum = single(sum + Math.exp(step) * ((entropies.get(before) ?? 0) + step));
      }
      entropies.set(node, sum);
    }
  }
  return -entropies.get(lattice.last)!;
}
