import { InputError } from '../errors/input-error';
import { ShapeError } from '../errors/shape-error';
import { countTokens } from '../tokens/levels';

/**
 * Positions of a grid by their distance from its first token, summed over the axes: one list for each distance, row-major
 * inside. On a picture these are the diagonals; a model that predicts a whole list at once takes `Σ (length - 1) + 1` steps.
 *
 * @param shape - Axis lengths: `[16, 16]`, or `[time, height, width]`.
 * @param origin - Where to begin. Default: the first position, 0 on every axis.
 * @throws {InputError} The origin is outside the grid.
 * @see NAR, arXiv 2503.10696, section 3.
 */
export function nearToFarPlanes(
  shape: readonly number[],
  origin: readonly number[] = shape.map(() => 0),
): readonly Int32Array[] {
  const isInside = origin.every((at, axis) => Number.isInteger(at) && at >= 0 && at < shape[axis]!);
  const total = countTokens(shape);
  if (total > 0 && (origin.length !== shape.length || !isInside)) {
    throw new InputError('origin', `a place on a grid of ${shape.join(' x ')}`, origin.join(', '));
  }
  const planes: number[][] = [];
  for (let position = 0; position < total; position += 1) {
    const distance = coordinatesOf(shape, position).reduce((sum, at, axis) => sum + Math.abs(at - origin[axis]!), 0);
    (planes[distance] ??= []).push(position);
  }
  return planes.map((plane) => Int32Array.from(plane));
}

/** {@link nearToFarPlanes} behind each other: a permutation of the positions. */
export function nearToFarOrder(shape: readonly number[], origin?: readonly number[]): Int32Array {
  return Int32Array.from(nearToFarPlanes(shape, origin).flatMap((plane) => [...plane]));
}

/** A neighbor one step nearer to the first token, along one axis. */
export interface NearerNeighbor {
  readonly axis: number;
  readonly position: number;
}

/** Neighbors of a position whose tokens are known when its own is predicted: one for each axis on which it is not first. */
export function nearerNeighbors(shape: readonly number[], position: number): readonly NearerNeighbor[] {
  return coordinatesOf(shape, position).flatMap((at, axis) =>
    at > 0 ? [{ axis, position: position - countTokens(shape.slice(axis + 1)) }] : [],
  );
}

/**
 * Logits of one plane from heads that each predict the next token along one axis: the mean of those that reach a token.
 *
 * @param heads - For each axis `[positions, vocabulary]`: what it predicts for the next position on that axis.
 * @param plane - Positions, none of them the first of the grid.
 * @returns `[plane.length, vocabulary]`.
 * @throws {ShapeError} Not a head for each axis, or of another size.
 * @throws {InputError} The first position is in the plane.
 */
export function meanNeighborLogits(
  shape: readonly number[],
  heads: readonly Float32Array[],
  plane: Int32Array,
  vocabulary: number,
): Float32Array {
  const size = countTokens(shape) * vocabulary;
  const wrong = heads.find(({ length }) => length !== size);
  if (heads.length !== shape.length || wrong) {
    const actual = wrong ? [wrong.length] : [heads.length];
    throw new ShapeError('heads', `${shape.length} heads of ${size} values`, actual);
  }
  const out = new Float32Array(plane.length * vocabulary);
  for (const [index, position] of plane.entries()) {
    const known = nearerNeighbors(shape, position);
    if (known.length === 0) {
      throw new InputError('plane', 'positions behind the first one', String(position));
    }
    for (let token = 0; token < vocabulary; token += 1) {
      const sum = known.reduce((all, near) => all + heads[near.axis]![near.position * vocabulary + token]!, 0);
      out[index * vocabulary + token] = sum / known.length;
    }
  }
  return out;
}

function coordinatesOf(shape: readonly number[], position: number): readonly number[] {
  return shape.map((length, axis) => Math.floor(position / countTokens(shape.slice(axis + 1))) % length);
}
