import type { ElementType, Value } from './graph';

/** Casts of more elements are left to ONNX Runtime. */
const foldLimit = 4096;

/** The elements of a constant of the trace, not copied: aligned because every constant owns its buffer. */
export function typedView(x: Value): Float32Array | Int32Array | Uint8Array | undefined {
  if (x.source.kind !== 'constant') return undefined;
  const { buffer, byteOffset, byteLength } = x.source.data;
  if (x.dtype === 'float32') return new Float32Array(buffer, byteOffset, byteLength / 4);
  if (x.dtype === 'int32') return new Int32Array(buffer, byteOffset, byteLength / 4);
  return x.dtype === 'bool' ? x.source.data : undefined;
}

/** The numbers of an int64 constant: shapes, axes, pads. */
export function int64Values(x: Value | null | undefined): number[] | undefined {
  if (x?.source.kind !== 'constant' || x.dtype !== 'int64') return undefined;
  const { buffer, byteOffset, byteLength } = x.source.data;
  return Array.from(new BigInt64Array(buffer, byteOffset, byteLength / 8), Number);
}

/** Bytes of a constant in another type; undefined where it is no constant, too long, or its type stays inside. */
export function castConstant(x: Value, dtype: ElementType): Uint8Array | undefined {
  const values = typedView(x);
  if (!values || values.length > foldLimit) return undefined;
  if (dtype === 'float32') return new Uint8Array(Float32Array.from(values).buffer);
  if (dtype === 'bool') return Uint8Array.from(values, (each) => (each === 0 ? 0 : 1));
  // Out-of-range floats have no defined integer: leave those to the runtime.
  if (values.some((each) => !(Math.abs(each) < 2 ** 31))) return undefined;
  if (dtype === 'int32') return new Uint8Array(Int32Array.from(values, Math.trunc).buffer);
  if (dtype !== 'int64') return undefined;
  return new Uint8Array(BigInt64Array.from(values as ArrayLike<unknown> as ArrayLike<number>, toBigInt).buffer);
}

function toBigInt(value: number): bigint {
  return BigInt(Math.trunc(value));
}

/** Constants by content. */
export function constantPool() {
  const buckets = new Map<string, Value[]>();
  const keyOf = (dtype: ElementType, shape: readonly number[], data: Uint8Array) =>
    `${dtype}[${shape.join()}]${hash(data)}`;
  return {
    find(dtype: ElementType, shape: readonly number[], data: Uint8Array): Value | undefined {
      return buckets
        .get(keyOf(dtype, shape, data))
        ?.find(({ source }) => source.kind === 'constant' && sameBytes(source.data, data));
    },
    add(value: Value): Value {
      if (value.source.kind !== 'constant') return value;
      const key = keyOf(value.dtype, value.shape, value.source.data);
      const bucket = buckets.get(key);
      if (bucket) bucket.push(value);
      else buckets.set(key, [value]);
      return value;
    },
  };
}

/** FNV-1a. */
function hash(data: Uint8Array): number {
  let state = 0x811c9dc5;
  for (const byte of data) state = Math.imul(state ^ byte, 0x01000193);
  return state;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}
