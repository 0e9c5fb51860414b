import type { LatticeEdge } from './lattice';
import type { NumberReading } from './number-reading';

/** An edge that stands for a number. */
export type NumberEdge = LatticeEdge & { readonly number: NumberReading };

export const isNumberEdge = (edge: LatticeEdge | undefined): edge is NumberEdge => edge?.number !== undefined;

/** Numbers that no larger number holds yet, in order. */
export interface NumberList {
  /** As they are now; later changes do not show. */
  edges(): LatticeEdge[];
  /** Puts a number where the first of its parts was, and takes the parts out of use; at the end where none is listed. */
  replace(edge: LatticeEdge, parts: readonly LatticeEdge[]): void;
}

export function createNumberList(edges: readonly LatticeEdge[]): NumberList {
  const places = new Map<LatticeEdge, number>(edges.map((edge, index) => [edge, index]));
  let next = edges.length;
  return {
    edges: () => [...places].toSorted((a, b) => a[1] - b[1]).map(([edge]) => edge),
    replace: (edge, parts) => {
      let place = Infinity;
      for (const part of parts) {
        const own = places.get(part);
        if (own === undefined) continue;
        place = Math.min(place, own);
        places.delete(part);
        if (part.number) part.number.isActive = false;
      }
      places.set(edge, place === Infinity ? next++ : place);
    },
  };
}
