/** A tensor to be written; the dtype follows from the kind of array. */
export interface TensorToWrite {
  readonly shape: readonly number[];
  readonly data: Float64Array | Float32Array | BigInt64Array | Int32Array | Int16Array | Uint8Array;
}

const dtypes = {
  Float64Array: 'F64',
  Float32Array: 'F32',
  BigInt64Array: 'I64',
  Int32Array: 'I32',
  Int16Array: 'I16',
  Uint8Array: 'U8',
};

/** A safetensors file in memory, for tests: keys in the order given. */
export function safetensorsBytes(tensors: Readonly<Record<string, TensorToWrite>>): Uint8Array {
  let position = 0;
  const header: Record<string, unknown> = {};
  for (const [key, { shape, data }] of Object.entries(tensors)) {
    const begin = position;
    position += data.byteLength;
    header[key] = {
      dtype: dtypes[data.constructor.name as keyof typeof dtypes],
      shape,
      data_offsets: [begin, position],
    };
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + position);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  let at = 8 + text.length;
  for (const { data } of Object.values(tensors)) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}
