import { PickleFault } from './pickle-cursor';

/** What a pickle describes, as inert data: nothing is ever called or built. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleSequence
  | PickleDict
  | PickleGlobal
  | PickleObject
  | PickleStorage
  | PickleTensor
  | NumpyDtype
  | NumpyArray;

interface Sequence<Kind> {
  readonly kind: Kind;
  readonly items: PickleValue[];
}

export type PickleSequence = Sequence<'list'> | Sequence<'tuple'> | Sequence<'set'>;

export interface PickleDict {
  readonly kind: 'dict';
  readonly entries: Map<PickleValue, PickleValue>;
}

/** The name of a class or function. */
export interface PickleGlobal {
  readonly kind: 'global';
  readonly module: string;
  readonly name: string;
}

/** What calling something unknown would have made. */
export interface PickleObject {
  readonly kind: 'object';
  readonly type: PickleGlobal;
  readonly args: readonly PickleValue[];
  state?: PickleValue;
  /** Of subclasses of list. */
  items?: PickleValue[];
  /** Of subclasses of dict. */
  entries?: Map<PickleValue, PickleValue>;
}

/** Raw memory of torch tensors; where it lies is known to the container format. */
export interface PickleStorage {
  readonly kind: 'storage';
  readonly key: string;
  /** torch's name: `float32`, `uint8`, …. */
  readonly dtype: string;
  /** Elements of that dtype. */
  readonly elements: number;
}

/** A view of a storage. */
export interface PickleTensor {
  readonly kind: 'tensor';
  /** Undefined for tensors without plain memory (quantized, sparse, on no device): `dtype` says which. */
  readonly storage: PickleStorage | undefined;
  readonly dtype: string;
  /** Elements. */
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

export interface NumpyDtype {
  readonly kind: 'numpy-dtype';
  /** `f4`, `i8`, …. */
  readonly code: string;
  byteOrder: '<' | '>' | '|' | '=';
}

/** A numpy array or scalar. */
export interface NumpyArray {
  readonly kind: 'numpy-array';
  shape: readonly number[];
  dtype: NumpyDtype | undefined;
  fortranOrder: boolean;
  data: Uint8Array | undefined;
  /** Of arrays of objects. */
  items?: readonly PickleValue[];
}

type Tagged = Exclude<PickleValue, null | boolean | number | bigint | string | Uint8Array>;

export function isTagged(value: PickleValue): value is Tagged {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
}

/** Narrows to one kind of tagged value. */
export function isKind<K extends Tagged['kind']>(
  value: PickleValue,
  ...kinds: readonly K[]
): value is Extract<Tagged, { kind: K }> {
  return isTagged(value) && (kinds as readonly string[]).includes(value.kind);
}

/** `module.name`, for messages and metadata. */
export function globalName({ module, name }: PickleGlobal): string {
  return module === '' ? name : `${module}.${name}`;
}

/** Adds to a dictionary. @throws {PickleFault} A key twice: writers never do that, and one value would be hidden. */
export function addEntry(entries: Map<PickleValue, PickleValue>, key: PickleValue, value: PickleValue): void {
  if (entries.has(key)) throw new PickleFault(`the key ${shortKey(key)} twice`);
  entries.set(key, value);
}

function shortKey(key: PickleValue): string {
  return isTagged(key) || key instanceof Uint8Array ? 'of an object' : String(key).slice(0, 80);
}
