import type { Lattice } from './lattice';

/** Working memory of {@link bestPaths}. */
export interface PathSpace {
  scores: Float64Array;
  /** Node by which a path arrives, and which path of the node's beginning it prolongs. */
  nodes: Int32Array;
  origins: Int32Array;
}

export const createPathSpace = (): PathSpace => ({
  scores: new Float64Array(0),
  nodes: new Int32Array(0),
  origins: new Int32Array(0),
});

/**
 * The pieces of the best path through a lattice, or of the best two, from the first piece to the last. Of equal paths
 * the one with the longer last piece is better.
 *
 * @param wanted - 1 or 2.
 */
export function bestPaths(space: PathSpace, lattice: Lattice, wanted: 1 | 2): number[][] {
  const { begins, ends, scores: nodeScores, size, length } = lattice;
  reserve(space, (length + 1) * 2);
  const { scores, nodes, origins } = space;
  scores.fill(-Infinity, 0, (length + 1) * 2);
  scores[0] = 0;
  for (let node = 0; node < size; node += 1) {
    const from = begins[node]! * 2;
    const to = ends[node]! * 2;
    for (let rank = 0; rank < wanted; rank += 1) {
      const score = scores[from + rank]! + nodeScores[node]!;
      if (score > scores[to]!) {
        move(space, to, to + 1);
        place(space, to, score, node, from + rank);
      } else if (score > scores[to + 1]!) {
        place(space, to + 1, score, node, from + rank);
      }
    }
  }
  const paths: number[][] = [];
  for (let rank = 0; rank < wanted; rank += 1) {
    let at = length * 2 + rank;
    if (scores[at] === -Infinity) break;
    const path: number[] = [];
    while (at > 1) {
      path.push(lattice.pieces[nodes[at]!]!);
      at = origins[at]!;
    }
    paths.push(path.reverse());
  }
  return paths;
}

function place({ scores, nodes, origins }: PathSpace, at: number, score: number, node: number, origin: number): void {
  scores[at] = score;
  nodes[at] = node;
  origins[at] = origin;
}

function move(space: PathSpace, from: number, to: number): void {
  place(space, to, space.scores[from]!, space.nodes[from]!, space.origins[from]!);
}

function reserve(space: PathSpace, room: number): void {
  if (space.scores.length >= room) return;
  space.scores = new Float64Array(room * 2);
  space.nodes = new Int32Array(room * 2);
  space.origins = new Int32Array(room * 2);
}
