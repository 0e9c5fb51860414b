import { expect } from 'vitest';
import type { HostTensor } from '../engine/engine';
import { compareTensors, list } from './parity/compare';
import { figure } from './parity/report';

type Numbers = ArrayLike<number> | HostTensor | number;

/**
 * Fails unless all values are within `tolerance` (absolute). Shapes are compared where both sides have one. The
 * message names the largest difference and where it is.
 *
 * @param tolerance - Default 1e-6. 0 means equal.
 */
export function expectClose(actual: Numbers, expected: Numbers, tolerance = 1e-6): void {
  const [a, e] = [tensorOf(actual), tensorOf(expected)];
  if (a.shape && e.shape) {
    expect(a.shape, 'shape').toEqual(e.shape);
  }
  if (a.data.length !== e.data.length) {
    expect.fail(`expected ${e.data.length} values, got ${a.data.length}`);
  }
  const shape = e.shape ?? a.shape ?? [e.data.length];
  const result = compareTensors({ shape, data: Float64Array.from(a.data) }, { shape, data: e.data }, tolerance);
  if (result.equal) return;
  const { maximum = Number.NaN, position = [], reason } = result;
  expect.fail(`largest difference ${figure(maximum)} at ${list(position)} (tolerance ${figure(tolerance)}): ${reason}`);
}

function tensorOf(values: Numbers): { readonly shape?: readonly number[]; readonly data: ArrayLike<number> } {
  if (typeof values === 'number') return { data: [values] };
  return 'data' in values ? (values as HostTensor) : { data: values };
}
