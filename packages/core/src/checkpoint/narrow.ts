import { InputError } from '../errors/input-error';
import { numberToHalf } from '../tokens/half-float';
import type { StoredDtype } from './weight-recipe';

/** 16-bit floats that weights are stored in. */
export type HalfDtype = 'F16' | 'BF16';

const single = new Float32Array(1);
const word = new Uint32Array(single.buffer);

/** bfloat16 bits of the nearest value (ties to even); too large becomes infinity, NaN a quiet NaN. */
export function numberToBfloat16(value: number): number {
  single[0] = value;
  const bits = word[0]!;
  if ((bits & 0x7fffffff) > 0x7f800000) return ((bits >>> 16) & 0x8000) | 0x7fc0;
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

/** Whether a dtype is stored in halves where halves are asked for; 16-bit floats and integers stay as they are. */
export function narrows(dtype: StoredDtype): boolean {
  return dtype === 'F32' || dtype === 'F64';
}

/**
 * Float32 or float64 elements as 16-bit floats, rounded to nearest, ties to even; float64 by way of float32, as PyTorch
 * rounds.
 *
 * @param bytes - Whole elements, aligned.
 * @throws {InputError} A finite value that becomes infinite.
 */
export function narrowBytes(key: string, bytes: Uint8Array, dtype: StoredDtype, half: HalfDtype): Uint8Array {
  const { buffer, byteOffset, byteLength } = bytes;
  const values =
    dtype === 'F64'
      ? new Float64Array(buffer, byteOffset, byteLength / 8)
      : new Float32Array(buffer, byteOffset, byteLength / 4);
  const out = new Uint16Array(values.length);
  const infinite = half === 'F16' ? 0x7c00 : 0x7f80;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index]!;
    const bits = half === 'F16' ? numberToHalf(value) : numberToBfloat16(value);
    if ((bits & 0x7fff) === infinite && Number.isFinite(value)) throw overflow(key, half, value);
    out[index] = bits;
  }
  return new Uint8Array(out.buffer);
}

function overflow(key: string, half: HalfDtype, value: number): InputError {
  const range = half === 'F16' ? 'float16 (65504; bfloat16 reaches further)' : 'bfloat16 (3.39e38)';
  return new InputError(key, `values within ${range}`, String(value));
}
