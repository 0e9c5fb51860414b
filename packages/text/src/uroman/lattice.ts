import type { NumberReading } from './number-reading';

/** A way to write a span of characters in Latin letters. */
export interface LatticeEdge {
  /** In code points. */
  readonly start: number;
  readonly end: number;
  text: string;
  kind: string;
  /** Of edges that stand for a number. */
  readonly number?: NumberReading;
}

/** All edges over a text, by where they start and end. */
export interface Lattice {
  add(edge: LatticeEdge): void;
  /** In the order in which they came. */
  between(start: number, end: number): readonly LatticeEdge[];
  /** Ends of the edges that start here, the farthest first. */
  endsFrom(start: number): readonly number[];
  /** Starts of the edges that end here, the farthest first. */
  startsTo(end: number): readonly number[];
}

/** @param length - Code points of the text. */
export function createLattice(length: number): Lattice {
  const bySpan = Array.from({ length: length + 1 }, () => new Map<number, LatticeEdge[]>());
  const starts = Array.from({ length: length + 1 }, () => new Set<number>());
  return {
    add: (edge) => {
      const spans = bySpan[edge.start]!;
      const edges = spans.get(edge.end);
      if (edges) edges.push(edge);
      else spans.set(edge.end, [edge]);
      starts[edge.end]!.add(edge.start);
    },
    between: (start, end) => bySpan[start]?.get(end) ?? [],
    endsFrom: (start) => [...(bySpan[start]?.keys() ?? [])].toSorted((a, b) => b - a),
    startsTo: (end) => [...(starts[end] ?? [])].toSorted((a, b) => a - b),
  };
}

/** Of edges over one span: a number in use, then a rule, then a decomposition, then what is left. */
export function bestBetween(lattice: Lattice, start: number, end: number): LatticeEdge | undefined {
  let [ruled, decomposed, other]: (LatticeEdge | undefined)[] = [];
  for (const edge of lattice.between(start, end)) {
    if (edge.number?.isActive) return edge;
    if (edge.kind.startsWith('rom decomp')) decomposed ??= edge;
    else if (/^(?:rom|num)/.test(edge.kind)) ruled ??= edge;
    else other ??= edge;
  }
  return ruled ?? decomposed ?? other;
}

/** The longest edge that starts here. */
export function bestFrom(lattice: Lattice, start: number): LatticeEdge | undefined {
  for (const end of lattice.endsFrom(start)) {
    const best = bestBetween(lattice, start, end);
    if (best) return best;
  }
  return undefined;
}

/** The longest edge that ends here. */
export function bestTo(lattice: Lattice, end: number): LatticeEdge | undefined {
  for (const start of lattice.startsTo(end)) {
    const best = bestBetween(lattice, start, end);
    if (best) return best;
  }
  return undefined;
}

/** From left to right, always the longest edge. */
export function bestPath(lattice: Lattice, length: number): LatticeEdge[] {
  const path: LatticeEdge[] = [];
  for (let at = 0; at < length;) {
    const best = bestFrom(lattice, at);
    if (best) path.push(best);
    at = best ? best.end : at + 1;
  }
  return path;
}

/** Romanization that ends here, of at least one letter where there is one. */
export function textBefore(lattice: Lattice, end: number): string {
  for (let at = end; at > 0;) {
    const best = bestTo(lattice, at);
    if (best && best.text !== '') return best.text;
    // The official code steps over one more character behind an edge without text.
    at = (best ? best.start : at) - 1;
  }
  return '';
}
