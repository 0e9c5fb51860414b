import type { MeasuredTensor } from './parity-case';

/** What a case expects of one tensor, in the official layout. */
export interface ExpectedTensor {
  /** Of the whole tensor. */
  readonly shape: readonly number[];
  /** All values, or those that `subset` picks. */
  readonly data: ArrayLike<number>;
  /** Elements `start`, `start + step`, … of the flattened tensor. */
  readonly subset?: { readonly start: number; readonly step: number };
}

export type Comparison =
  | { readonly equal: true; readonly maximum: number }
  | {
      readonly equal: false;
      /** Largest absolute difference; absent where shapes differ. NaN where one side is not a number. */
      readonly maximum?: number;
      /** Of the largest difference. */
      readonly position?: readonly number[];
      readonly reason: string;
    };

/**
 * Compares values element by element, in double precision. Axes of length 1 may be anywhere or missing: they change
 * no value and no order.
 *
 * NaN equals NaN and an infinity equals itself; nothing else that is not finite is within any tolerance.
 */
export function compareTensors(actual: MeasuredTensor, expected: ExpectedTensor, tolerance: number): Comparison {
  if (!sameShape(actual.shape, expected.shape)) {
    return { equal: false, reason: `expected shape ${list(expected.shape)}, got ${list(actual.shape)}` };
  }
  const { start = 0, step = 1 } = expected.subset ?? {};
  const count = expected.data.length;
  const size = elementCount(expected.shape);
  if (actual.data.length !== size) {
    return {
      equal: false,
      reason: `expected ${size} values for shape ${list(actual.shape)}, got ${actual.data.length}`,
    };
  }
  let maximum = 0;
  let worst = -1;
  for (let i = 0; i < count; i += 1) {
    const at = start + i * step;
    const a = actual.data[at]!;
    const e = expected.data[i]!;
    if (Object.is(a, e) || a === e) continue;
    const difference = Math.abs(a - e);
    if (!Number.isFinite(difference)) {
      maximum = Number.NaN;
      worst = at;
      break;
    }
    if (difference > maximum) {
      maximum = difference;
      worst = at;
    }
  }
  if (maximum <= tolerance) return { equal: true, maximum };
  const position = positionOf(worst, expected.shape);
  const index = (worst - start) / step;
  const values = `got ${actual.data[worst]}, expected ${expected.data[index]}`;
  return { equal: false, maximum, position, reason: values };
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  const [first, second] = [a, b].map((shape) => shape.filter((axis) => axis !== 1));
  return first!.length === second!.length && first!.every((axis, i) => axis === second![i]);
}

function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, axis) => product * axis, 1);
}

function positionOf(flat: number, shape: readonly number[]): readonly number[] {
  let rest = flat;
  const position = shape.map(() => 0);
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    position[axis] = rest % shape[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return position;
}

export function list(numbers: readonly number[]): string {
  return `[${numbers.join(',')}]`;
}
