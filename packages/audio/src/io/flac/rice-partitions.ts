/** How residuals are cut into partitions of one Rice parameter each. */
export interface RicePlan {
  /** There are 2^order partitions. */
  readonly order: number;
  readonly parameters: readonly number[];
  /** Bits of everything. */
  readonly bits: number;
}

const largestOrder = 6;
const largestParameter = 30;

/**
 * The partition of residuals that takes the fewest bits, by the sums of its parts.
 *
 * @param residuals - Of a block; the first `warmUp` are not coded.
 */
export function ricePlan(residuals: Int32Array, warmUp: number): RicePlan {
  const blockSize = residuals.length;
  let order = 0;
  while (order < largestOrder && blockSize % 2 ** (order + 1) === 0 && blockSize / 2 ** (order + 1) > warmUp)
    order += 1;
  let sums = partSums(residuals, warmUp, 2 ** order);
  let best = planOf(sums, order, blockSize, warmUp);
  while (order > 0) {
    order -= 1;
    sums = sums.filter((_, index) => index % 2 === 0).map((sum, index) => sum + sums[2 * index + 1]!);
    const plan = planOf(sums, order, blockSize, warmUp);
    if (plan.bits < best.bits) best = plan;
  }
  return best;
}

function partSums(residuals: Int32Array, warmUp: number, parts: number): Float64Array {
  const size = residuals.length / parts;
  return Float64Array.from({ length: parts }, (_, part) => {
    let sum = 0;
    for (let n = Math.max(warmUp, part * size); n < (part + 1) * size; n += 1) sum += folded(residuals[n]!);
    return sum;
  });
}

function planOf(sums: Float64Array, order: number, blockSize: number, warmUp: number): RicePlan {
  const size = blockSize / 2 ** order;
  const parameters: number[] = [];
  let bits = 6;
  sums.forEach((sum, part) => {
    const count = part === 0 ? size - warmUp : size;
    const mean = count > 0 ? sum / count : 0;
    const parameter = Math.max(0, Math.min(largestParameter, Math.round(Math.log2((mean + 1) * 0.62))));
    parameters.push(parameter);
    bits += 5 + count * (parameter + 1) + Math.max(0, sum - count * 2 ** (parameter - 1)) / 2 ** parameter;
  });
  return { order, parameters, bits };
}

/** The sign in the lowest bit. */
export function folded(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}
