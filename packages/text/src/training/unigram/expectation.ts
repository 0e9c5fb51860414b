import { createLattice, fillLattice, type Lattice, type PieceModel } from './lattice';

/**
 * Expected number of times that each piece comes in the words, over all ways to put them together. One step of
 * forward and backward sums a word.
 *
 * @returns `[pieces]`.
 */
export function expectedCounts(model: PieceModel, words: readonly (readonly [string, number])[]): Float64Array {
  const expected = new Float64Array(model.scores.length);
  const lattice = createLattice();
  let forward = new Float64Array(64);
  let backward = new Float64Array(64);
  for (const [word, count] of words) {
    if (forward.length <= word.length) {
      forward = new Float64Array(word.length * 2);
      backward = new Float64Array(word.length * 2);
    }
    fillLattice(lattice, model, word);
    sumPaths(lattice, forward, backward);
    const total = forward[word.length]!;
    const { begins, ends, pieces, scores, size } = lattice;
    for (let node = 0; node < size; node += 1) {
      const share = Math.exp(forward[begins[node]!]! + scores[node]! + backward[ends[node]!]! - total);
      expected[pieces[node]!] = expected[pieces[node]!]! + count * share;
    }
  }
  return expected;
}

/** Logarithms of the summed probabilities of all paths from the beginning to each place, and from there to the end. */
function sumPaths(
  { begins, ends, scores, size, length }: Lattice,
  forward: Float64Array,
  backward: Float64Array,
): void {
  forward.fill(-Infinity, 0, length + 1);
  backward.fill(-Infinity, 0, length + 1);
  forward[0] = 0;
  backward[length] = 0;
  for (let node = 0; node < size; node += 1) {
    const end = ends[node]!;
    forward[end] = addLogarithms(forward[end]!, scores[node]! + forward[begins[node]!]!);
  }
  // Pieces lie by where they begin; those of one place are summed in the same order as forward.
  for (let last = size; last > 0;) {
    const begin = begins[last - 1]!;
    let first = last - 1;
    while (first > 0 && begins[first - 1] === begin) first -= 1;
    let sum = -Infinity;
    for (let node = first; node < last; node += 1) sum = addLogarithms(sum, scores[node]! + backward[ends[node]!]!);
    backward[begin] = sum;
    last = first;
  }
}

/** `ln(e^x + e^y)`; terms that are smaller by `e^-50` are left out. */
function addLogarithms(x: number, y: number): number {
  const larger = x > y ? x : y;
  const smaller = x > y ? y : x;
  return larger > smaller + 50 ? larger : larger + Math.log(Math.exp(smaller - larger) + 1);
}
