import { widenHalf } from '../../checkpoint/half-precision';
import { InputError } from '../../errors';

/** What `case.json` calls a dtype, whatever it writes (`float32`, `F32`). */
export type CaseDtype = 'float64' | 'float32' | 'float16' | 'int64' | 'int32' | 'int16' | 'uint8';

/** A tensor of `io.safetensors`: doubles where it stores doubles or long integers, so that comparisons lose nothing. */
export interface IoTensor {
  readonly dtype: CaseDtype;
  readonly shape: readonly number[];
  readonly data: Float64Array | Float32Array | Int32Array;
}

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

const storedDtypes: Readonly<Record<string, { readonly dtype: CaseDtype; readonly bytes: number }>> = {
  F64: { dtype: 'float64', bytes: 8 },
  F32: { dtype: 'float32', bytes: 4 },
  F16: { dtype: 'float16', bytes: 2 },
  I64: { dtype: 'int64', bytes: 8 },
  I32: { dtype: 'int32', bytes: 4 },
  I16: { dtype: 'int16', bytes: 2 },
  U8: { dtype: 'uint8', bytes: 1 },
  BOOL: { dtype: 'uint8', bytes: 1 },
};

/**
 * Reads the tensors of a case.
 *
 * The checkpoint readers of core give float32 and int32, as models need them; expectations also come as float64 and
 * int64, and a comparison in float32 would hide errors. So this reads the (small) file itself.
 *
 * @param file - For messages.
 * @throws {InputError} `undecodable`.
 */
export function readIoTensors(bytes: Uint8Array, file: string): ReadonlyMap<string, IoTensor> {
  const fail = (expected: string, actual: string): never => {
    throw new InputError(file, expected, actual, { code: 'undecodable' });
  };
  if (bytes.length < 8) fail('a safetensors file', `${bytes.length} bytes`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > bytes.length - 8) fail(`a header of ${length} bytes`, `a file of ${bytes.length} bytes`);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<string, HeaderEntry>;
  const tensors = new Map<string, IoTensor>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const stored = storedDtypes[entry.dtype] ?? fail(`${name} with a known dtype`, entry.dtype);
    const [begin, end] = entry.data_offsets;
    const count = entry.shape.reduce((product, axis) => product * axis, 1);
    if (end - begin !== count * stored.bytes || 8 + length + end > bytes.length) {
      fail(`${name} of ${count * stored.bytes} bytes`, `offsets [${begin}, ${end}] in ${bytes.length} bytes`);
    }
    // A copy: typed arrays need alignment, which the format does not promise.
    const raw = bytes.slice(8 + length + begin, 8 + length + end).buffer as ArrayBuffer;
    tensors.set(name, { dtype: stored.dtype, shape: entry.shape, data: decode(raw, stored.dtype) });
  }
  return tensors;
}

function decode(raw: ArrayBuffer, dtype: CaseDtype): IoTensor['data'] {
  switch (dtype) {
    case 'float64':
      return new Float64Array(raw);
    case 'float32':
      return new Float32Array(raw);
    case 'float16':
      return widenHalf(new Uint16Array(raw));
    case 'int64':
      return Float64Array.from(new BigInt64Array(raw), Number);
    case 'int32':
      return new Int32Array(raw);
    case 'int16':
      return Int32Array.from(new Int16Array(raw));
    case 'uint8':
      return Int32Array.from(new Uint8Array(raw));
  }
}

export function isIntegerDtype(dtype: CaseDtype): boolean {
  return dtype === 'int64' || dtype === 'int32' || dtype === 'int16' || dtype === 'uint8';
}
