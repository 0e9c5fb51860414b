import { PickleFault } from './pickle-cursor';
import { isKind, type NumpyArray, type NumpyDtype, type PickleValue } from './pickle-values';
import type { StoredDtype } from './weight-recipe';

const storedDtypes: Readonly<Record<string, StoredDtype>> = {
  f8: 'F64',
  f4: 'F32',
  f2: 'F16',
  i8: 'I64',
  i4: 'I32',
  i2: 'I16',
  i1: 'I8',
  u1: 'U8',
  b1: 'BOOL',
};

/** Bytes per element of a numpy type code (`f4`); undefined for text, objects and records. */
export function numpyItemBytes(code: string): number | undefined {
  const size = /^[fiubc](\d{1,2})$/.exec(code)?.[1];
  return size === undefined ? undefined : Number(size);
}

/** What a numpy dtype is for us; big-endian ones are not readable. */
export function numpyStoredDtype(code: string, byteOrder: string): StoredDtype | { readonly unsupported: string } {
  const dtype = Object.hasOwn(storedDtypes, code) ? storedDtypes[code] : undefined;
  return dtype === undefined || byteOrder === '>' ? { unsupported: `numpy ${byteOrder}${code}` } : dtype;
}

/** `numpy.dtype('f4', False, True)`. */
export function newNumpyDtype(args: readonly PickleValue[]): NumpyDtype {
  const [code] = args;
  if (typeof code !== 'string') throw new PickleFault('a numpy dtype without its code');
  return { kind: 'numpy-dtype', code, byteOrder: '=' };
}

/** State of a dtype: `(version, byte order, …)`. */
export function setDtypeState(dtype: NumpyDtype, state: readonly PickleValue[]): void {
  const order = state[1];
  if (order !== '<' && order !== '>' && order !== '|' && order !== '=')
    throw new PickleFault('a numpy dtype without its byte order');
  dtype.byteOrder = order;
}

/** What `numpy.core.multiarray._reconstruct` makes: filled by its state. */
export function newNumpyArray(): NumpyArray {
  return { kind: 'numpy-array', shape: [0], dtype: undefined, fortranOrder: false, data: undefined };
}

/** State of an array: `([version,] shape, dtype, is Fortran order, bytes)`. */
export function setArrayState(array: NumpyArray, state: readonly PickleValue[]): void {
  const [shape, dtype, fortranOrder, data] = state.slice(-4);
  if (!isKind(shape!, 'tuple') || !isKind(dtype!, 'numpy-dtype'))
    throw new PickleFault('a numpy array without its shape and dtype');
  array.shape = shapeOf(shape.items);
  array.dtype = dtype;
  array.fortranOrder = fortranOrder === true || fortranOrder === 1;
  // Arrays of objects carry a list here: they stay without data.
  array.data = data instanceof Uint8Array ? data : undefined;
  if (isKind(data!, 'list')) array.items = data.items;
}

/** @throws {PickleFault} Where an item is no non-negative integer. */
export function countsOf(items: readonly PickleValue[]): number[] {
  return items.map((item) => {
    if (typeof item === 'number' && Number.isSafeInteger(item) && item >= 0) return item;
    throw new PickleFault(`${typeof item === 'object' ? 'an object' : String(item)} for a count`);
  });
}

/** The limit of torch and numpy. */
const maximumRank = 64;

/** @throws {PickleFault} Where there are too many axes or a length is no count. */
export function shapeOf(items: readonly PickleValue[]): number[] {
  if (items.length > maximumRank) throw new PickleFault(`a tensor of ${items.length} axes`, 'limit-exceeded');
  return countsOf(items);
}
