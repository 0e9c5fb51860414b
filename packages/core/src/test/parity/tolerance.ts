import { isIntegerDtype, type IoTensor } from './io-tensors';

/**
 * Largest absolute difference that counts as equal: none for integers, 1 for bytes (a float may sit on the border of
 * two), and for floats 20 times the error of the official float32 run against float64, at least 1e-5 of the size of
 * the values (architecture 4.2).
 *
 * @param fp64Error - `fp64.maxAbs` of the tensor, where the case gives a number.
 */
export function toleranceOf({ dtype, data }: IoTensor, fp64Error: number | undefined): number {
  if (dtype === 'uint8') return 1;
  if (isIntegerDtype(dtype)) return 0;
  return Math.max(20 * (fp64Error ?? 0), 1e-5 * Math.max(1, rootMeanSquare(data)));
}

/** Of the finite values; 0 where there are none. */
function rootMeanSquare(data: ArrayLike<number>): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < data.length; i += 1) {
    const value = data[i]!;
    if (!Number.isFinite(value)) continue;
    sum += value * value;
    count += 1;
  }
  return count === 0 ? 0 : Math.sqrt(sum / count);
}
