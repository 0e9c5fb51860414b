import { halfToNumber } from '../../checkpoint/half-precision';
import { InputError } from '../../errors/input-error';
import { countTokens } from '../levels';

/** An array of a NumPy `.npy` file, row-major. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: Int32Array | Uint8Array | Float32Array | Float64Array;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
const alignment = 64;

/**
 * The bytes of a `.npy` file, version 1.0: int32, uint8, float32 or float64, little-endian, C order.
 *
 * @throws {InputError} The data is not as long as the shape says.
 */
export function writeNpy({ shape, data }: NpyArray): Uint8Array {
  if (data.length !== countTokens(shape)) {
    throw new InputError(
      'data',
      `${countTokens(shape)} values for the shape [${shape.join(', ')}]`,
      String(data.length),
    );
  }
  const kind = data instanceof Int32Array ? 'i' : data instanceof Uint8Array ? 'u' : 'f';
  const type = `${data.BYTES_PER_ELEMENT === 1 ? '|' : '<'}${kind}${data.BYTES_PER_ELEMENT}`;
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const length = Math.ceil((10 + text.length + 1) / alignment) * alignment - 10;
  const out = new Uint8Array(10 + length + data.byteLength);
  out.set([...magic, 1, 0, length & 255, length >>> 8]);
  out.set(new TextEncoder().encode(`${text.padEnd(length - 1)}\n`), 10);
  const view = new DataView(out.buffer, 10 + length);
  for (const [index, value] of data.entries()) {
    setters[type as keyof typeof setters](view, index, value);
  }
  return out;
}

const setters = {
  '|u1': (view: DataView, index: number, value: number): void => view.setUint8(index, value),
  '<i4': (view: DataView, index: number, value: number): void => view.setInt32(4 * index, value, true),
  '<f4': (view: DataView, index: number, value: number): void => view.setFloat32(4 * index, value, true),
  '<f8': (view: DataView, index: number, value: number): void => view.setFloat64(8 * index, value, true),
};

interface ElementType {
  readonly bytes: number;
  readonly make: (count: number) => Int32Array | Uint8Array | Float32Array | Float64Array;
  readonly get: (view: DataView, at: number, little: boolean) => number | bigint;
}

const int32 = (count: number): Int32Array => new Int32Array(count);
const float32 = (count: number): Float32Array => new Float32Array(count);
/** By type letter and size; integers become int32 and have to fit. */
const elementTypes: Readonly<Record<string, ElementType>> = {
  b1: { bytes: 1, make: (count) => new Uint8Array(count), get: (view, at) => view.getUint8(at) },
  u1: { bytes: 1, make: (count) => new Uint8Array(count), get: (view, at) => view.getUint8(at) },
  i1: { bytes: 1, make: int32, get: (view, at) => view.getInt8(at) },
  u2: { bytes: 2, make: int32, get: (view, at, little) => view.getUint16(at, little) },
  i2: { bytes: 2, make: int32, get: (view, at, little) => view.getInt16(at, little) },
  u4: { bytes: 4, make: int32, get: (view, at, little) => view.getUint32(at, little) },
  i4: { bytes: 4, make: int32, get: (view, at, little) => view.getInt32(at, little) },
  u8: { bytes: 8, make: int32, get: (view, at, little) => view.getBigUint64(at, little) },
  i8: { bytes: 8, make: int32, get: (view, at, little) => view.getBigInt64(at, little) },
  f2: { bytes: 2, make: float32, get: (view, at, little) => halfToNumber(view.getUint16(at, little)) },
  f4: { bytes: 4, make: float32, get: (view, at, little) => view.getFloat32(at, little) },
  f8: { bytes: 8, make: (count) => new Float64Array(count), get: (view, at, little) => view.getFloat64(at, little) },
};

/**
 * Reads a `.npy` file of booleans, integers that fit int32, or floats; Fortran order is turned into C order.
 *
 * @throws {InputError} `undecodable`: no `.npy` file, a damaged one, another element type, or an integer beyond int32.
 */
export function readNpy(bytes: Uint8Array): NpyArray {
  if (bytes.length < 10 || !magic.every((byte, index) => bytes[index] === byte)) {
    throw undecodable('a file that starts with \\x93NUMPY', `${bytes.length} bytes of another kind`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = bytes[6]! >= 2;
  const start = wide ? 12 : 10;
  const length =
    bytes.length < start ? Number.POSITIVE_INFINITY : wide ? view.getUint32(8, true) : view.getUint16(8, true);
  if (bytes[6]! < 1 || bytes[6]! > 3 || start + length > bytes.length) {
    throw undecodable('version 1 to 3 and a whole header', `version ${bytes[6]} and ${bytes.length} bytes`);
  }
  const { descr, fortran, shape } = parseHeader(new TextDecoder().decode(bytes.subarray(start, start + length)));
  return npyElements(bytes.subarray(start + length), descr, shape, fortran);
}

/**
 * Raw memory of a NumPy array.
 *
 * @param descr - Byte order and type: `<f4`.
 * @throws {InputError} As {@link readNpy}.
 */
export function npyElements(body: Uint8Array, descr: string, shape: readonly number[], fortran: boolean): NpyArray {
  const type = Object.hasOwn(elementTypes, descr.slice(1)) ? elementTypes[descr.slice(1)] : undefined;
  if (!type) {
    throw undecodable('numbers or booleans', `elements of type ${descr}`);
  }
  const count = countTokens(shape);
  if (!(count * type.bytes <= body.length)) {
    throw undecodable(`${count} values of ${type.bytes} bytes`, `${body.length} bytes`);
  }
  const values = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const data = type.make(count);
  for (let index = 0; index < count; index += 1) {
    const value = Number(type.get(values, index * type.bytes, !descr.startsWith('>')));
    data[index] = value;
    if (data instanceof Int32Array && data[index] !== value) {
      throw undecodable('integers that fit int32', `${value} at ${index}`);
    }
  }
  return { shape, data: fortran ? toRowMajor(data, shape) : data };
}

interface NpyHeader {
  readonly descr: string;
  readonly fortran: boolean;
  readonly shape: readonly number[];
}

function parseHeader(text: string): NpyHeader {
  const descr = /'descr'\s*:\s*'([<>|=][a-z]\d+)'/.exec(text)?.[1];
  const fortran = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const tuple = /'shape'\s*:\s*\(([\d\s,L]*)\)/.exec(text)?.[1];
  const shape = tuple?.split(',').flatMap((part) => (part.trim() === '' ? [] : [Number.parseInt(part, 10)]));
  if (!descr || !fortran || !shape || shape.length > 32 || !shape.every((length) => Number.isSafeInteger(length))) {
    throw undecodable('descr of a plain type, fortran_order and shape', text.slice(0, 120).trim());
  }
  return { descr, fortran: fortran === 'True', shape };
}

function toRowMajor<Data extends NpyArray['data']>(data: Data, shape: readonly number[]): Data {
  const out = data.slice() as Data;
  const position = shape.map(() => 0);
  for (let index = 0; index < out.length; index += 1) {
    let from = 0;
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      from = from * shape[axis]! + position[axis]!;
    }
    out[index] = data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      position[axis]! += 1;
      if (position[axis]! < shape[axis]!) {
        break;
      }
      position[axis] = 0;
    }
  }
  return out;
}

function undecodable(expected: string, actual: string): InputError {
  return new InputError('.npy file', expected, actual, { code: 'undecodable' });
}
