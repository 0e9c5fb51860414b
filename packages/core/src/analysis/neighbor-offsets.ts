import { countTokens } from '../tokens/levels';
import type { TokenAxis } from '../tokens/token-types';

/** A step from a token to another one of the same grid. */
export interface NeighborOffset {
  /** Name of the axis, or `diagonal`: right and down on the last two axes. */
  readonly direction: TokenAxis | 'diagonal';
  readonly distance: number;
  /** Steps along each axis. */
  readonly steps: readonly number[];
}

/** Steps of the given distances along every axis of a level, and along the diagonal of the last two. */
export function neighborOffsets(axes: readonly TokenAxis[], distances: readonly number[]): readonly NeighborOffset[] {
  const along = axes.flatMap((direction, axis) =>
    distances.map((distance) => ({
      direction,
      distance,
      steps: axes.map((_, index) => (index === axis ? distance : 0)),
    })),
  );
  const diagonal = distances.map((distance) => ({
    direction: 'diagonal' as const,
    distance,
    steps: axes.map((_, index) => (index >= axes.length - 2 ? distance : 0)),
  }));
  return axes.length >= 2 ? [...along, ...diagonal] : along;
}

/** Calls back with the row-major positions of every token and the one `steps` away, where there is one. */
export function visitNeighbors(
  shape: readonly number[],
  steps: readonly number[],
  visit: (position: number, neighbor: number) => void,
): void {
  const strides = shape.map((_, axis) => countTokens(shape.slice(axis + 1)));
  const distance = steps.reduce((sum, step, axis) => sum + step * strides[axis]!, 0);
  const total = countTokens(shape);
  for (let position = 0; position < total; position += 1) {
    const inside = steps.every((step, axis) => {
      const place = Math.floor(position / strides[axis]!) % shape[axis]!;
      return place + step >= 0 && place + step < shape[axis]!;
    });
    if (inside) visit(position, position + distance);
  }
}
