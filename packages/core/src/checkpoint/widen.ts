import { CheckpointError } from '../errors';
import { widenBfloat16, widenHalf } from './half-precision';
import { storedBytesPerElement } from './recipes';
import type { StoredDtype } from './weight-recipe';

export type Values = Float32Array | Int32Array;

/** Whether a stored dtype is read as float32 (integers and booleans are read as int32). */
export function isFloatDtype(dtype: StoredDtype): boolean {
  return dtype === 'F64' || dtype === 'F32' || dtype === 'F16' || dtype === 'BF16';
}

export function emptyValues(dtype: StoredDtype, count: number): Values {
  return isFloatDtype(dtype) ? new Float32Array(count) : new Int32Array(count);
}

/** A view where the bytes are aligned, a copy where they are not. */
function aligned(bytes: Uint8Array, alignment: number): Uint8Array {
  return bytes.byteOffset % alignment === 0 ? bytes : bytes.slice();
}

/**
 * Widens little-endian elements into `out` from element `start`: floats to float32 (float64 rounds to nearest even),
 * integers to int32, booleans to 0 and 1.
 *
 * @param label - Tensor and file, for messages.
 * @throws {CheckpointError} `unsupported-dtype` for an int64 outside int32.
 */
export function widenInto(bytes: Uint8Array, dtype: StoredDtype, out: Values, start: number, label: Label): void {
  const size = storedBytesPerElement(dtype);
  const count = bytes.length / size;
  const from = aligned(bytes, size);
  const { buffer, byteOffset } = from;
  switch (dtype) {
    case 'F32':
      out.set(new Float32Array(buffer, byteOffset, count), start);
      return;
    case 'F64':
      out.set(new Float64Array(buffer, byteOffset, count), start);
      return;
    case 'F16':
      widenHalf(new Uint16Array(buffer, byteOffset, count), out as Float32Array, start);
      return;
    case 'BF16':
      widenBfloat16(new Uint16Array(buffer, byteOffset, count), out as Float32Array, start);
      return;
    case 'I64':
      narrowInt64(new Int32Array(buffer, byteOffset, count * 2), out as Int32Array, start, label);
      return;
    case 'I32':
      out.set(new Int32Array(buffer, byteOffset, count), start);
      return;
    case 'I16':
      out.set(new Int16Array(buffer, byteOffset, count), start);
      return;
    case 'I8':
      out.set(new Int8Array(buffer, byteOffset, count), start);
      return;
    case 'U8':
      out.set(from, start);
      return;
    case 'BOOL':
      for (let i = 0; i < count; i += 1) out[start + i] = from[i] === 0 ? 0 : 1;
  }
}

/** What a message names: the tensor and the file that it lies in. */
export interface Label {
  readonly tensor: string;
  readonly source: string;
}

function narrowInt64(halves: Int32Array, out: Int32Array, start: number, { tensor, source }: Label): void {
  for (let i = 0; i < halves.length; i += 2) {
    const low = halves[i]!;
    const high = halves[i + 1]!;
    if (high !== low >> 31) {
      const value = (BigInt(high) << 32n) | BigInt(low >>> 0);
      throw new CheckpointError(
        'unsupported-dtype',
        `${source}: ${tensor}: expected int64 values within int32, got ${value} at element ${i / 2}.`,
        { source },
      );
    }
    out[start + i / 2] = low;
  }
}
