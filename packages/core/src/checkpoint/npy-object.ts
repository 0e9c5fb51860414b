import { InputError, TesseraeError } from '../errors';
import { type NpyArray, npyElements } from '../tokens/formats/npy';
import { unpickle } from './pickle';
import { PickleFault } from './pickle-cursor';
import { isKind, type PickleValue } from './pickle-values';
import { torchCall } from './torch-names';

/** What a pickled object of NumPy holds, without anything of Python: tuples and sets are lists. */
export type PlainObject =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | NpyArray
  | readonly PlainObject[]
  | { readonly [key: string]: PlainObject };

const magic = '\x93NUMPY';
const deepest = 100;

/**
 * Reads the one object of a file that `np.save(file, object)` wrote: a `.npy` file whose array has no axes and holds a
 * pickle. It is read as inert data: nothing that it names is called.
 *
 * @param name - For messages.
 * @throws {InputError} `undecodable`: no such file, a damaged one, or an object of classes.
 */
export function readNpyObject(bytes: Uint8Array, name: string): PlainObject {
  const refuse = (expected: string, actual: string, cause?: unknown) =>
    new InputError(name, expected, actual, { code: 'undecodable', ...(cause !== undefined && { cause }) });
  const latin = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));
  if (latin(0, 6) !== magic || bytes.length < 12) throw refuse('a .npy file', 'other bytes');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const isWide = bytes[6]! >= 2;
  const start = (isWide ? 12 : 10) + (isWide ? view.getUint32(8, true) : view.getUint16(8, true));
  const header = start <= bytes.length ? latin(10, Math.min(start, 1000)) : '';
  if (!/'descr'\s*:\s*'\|O'/.test(header) || !/'shape'\s*:\s*\(\s*\)/.test(header)) {
    throw refuse('a .npy file of one object', header.slice(0, 120).trim() || 'a header that is cut off');
  }
  try {
    const { value } = unpickle(bytes.subarray(start), {
      call: torchCall,
      persistent: () => {
        throw new PickleFault('a persistent id');
      },
    });
    if (!isKind(value, 'numpy-array') || value.shape.length > 0 || value.items?.length !== 1) {
      throw new PickleFault('no array of one object');
    }
    return plain(value.items[0]!, 0);
  } catch (cause) {
    if (TesseraeError.isInstance(cause) && !(cause instanceof InputError)) throw cause;
    throw refuse('a pickle of plain values and arrays', cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function plain(value: PickleValue, depth: number): PlainObject {
  if (depth > deepest) throw new PickleFault(`more than ${deepest} containers in each other`, 'limit-exceeded');
  if (typeof value === 'bigint') throw new PickleFault('an integer beyond 2^53');
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value;
  if (isKind(value, 'list', 'tuple', 'set')) return value.items.map((item) => plain(item, depth + 1));
  if (isKind(value, 'dict')) {
    const entries = [...value.entries].map(([key, item]): [string, PlainObject] => {
      if (typeof key !== 'string') throw new PickleFault('a key that is no string');
      return [key, plain(item, depth + 1)];
    });
    return Object.fromEntries(entries);
  }
  if (isKind(value, 'numpy-array') && value.dtype && value.data) {
    const { code, byteOrder } = value.dtype;
    return npyElements(value.data, `${byteOrder}${code}`, value.shape, value.fortranOrder);
  }
  throw new PickleFault(`a value of the kind ${value.kind}`);
}
