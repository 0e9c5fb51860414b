import { countsOf, newNumpyArray, newNumpyDtype, shapeOf } from './numpy-values';
import { PickleFault } from './pickle-cursor';
import {
  addEntry,
  globalName,
  isKind,
  isTagged,
  type NumpyDtype,
  type PickleGlobal,
  type PickleObject,
  type PickleSequence,
  type PickleStorage,
  type PickleTensor,
  type PickleValue,
} from './pickle-values';

/** torch's dtype of each legacy storage class. */
const storageDtypes: Readonly<Record<string, string>> = {
  DoubleStorage: 'float64',
  FloatStorage: 'float32',
  HalfStorage: 'float16',
  BFloat16Storage: 'bfloat16',
  LongStorage: 'int64',
  IntStorage: 'int32',
  ShortStorage: 'int16',
  CharStorage: 'int8',
  ByteStorage: 'uint8',
  BoolStorage: 'bool',
  ComplexFloatStorage: 'complex64',
  ComplexDoubleStorage: 'complex128',
  QInt8Storage: 'qint8',
  QUInt8Storage: 'quint8',
  QInt32Storage: 'qint32',
  QUInt4x2Storage: 'quint4x2',
  QUInt2x4Storage: 'quint2x4',
  UntypedStorage: 'uint8',
  _UntypedStorage: 'uint8',
};

/** Bytes per element of torch's dtypes. */
export const torchItemBytes: Readonly<Record<string, number>> = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
  uint16: 2,
  uint32: 4,
  uint64: 8,
  complex32: 4,
  complex64: 8,
  complex128: 16,
  qint8: 1,
  quint8: 1,
  qint32: 4,
  quint4x2: 1,
  quint2x4: 1,
  float8_e4m3fn: 1,
  float8_e5m2: 1,
  float8_e4m3fnuz: 1,
  float8_e5m2fnuz: 1,
  float8_e8m0fnu: 1,
};

/**
 * The storage that a persistent id names: `('storage', class, key, device, elements[, view])`. The view of old files
 * (`(key, offset, size)` of a part) is given to `view`.
 */
export function torchStorage(
  id: PickleValue,
): PickleStorage & { readonly view?: { readonly key: string; readonly offset: number; readonly elements: number } } {
  if (!isKind(id, 'tuple') || id.items[0] !== 'storage') throw new PickleFault('a persistent id that names no storage');
  const [, type, key, , elements, view] = id.items;
  if (!isTagged(type!) || type.kind !== 'global' || !Object.hasOwn(storageDtypes, type.name)) {
    throw new PickleFault(
      `the storage class ${isKind(type!, 'global') ? globalName(type) : 'of an object'}`,
      'unsupported-format',
    );
  }
  if (typeof key !== 'string' && typeof key !== 'number') throw new PickleFault('a storage without its key');
  const [count] = countsOf([elements ?? null]) as [number];
  const storage = { kind: 'storage', key: String(key), dtype: storageDtypes[type.name]!, elements: count } as const;
  if (!isKind(view ?? null, 'tuple')) return storage;
  const [viewKey, offset, size] = (view as PickleSequence).items;
  const [start, length] = countsOf([offset ?? null, size ?? null]) as [number, number];
  return { ...storage, view: { key: String(viewKey), offset: start, elements: length } };
}

function tupleItems(value: PickleValue | undefined): readonly PickleValue[] {
  if (value !== undefined && isKind(value, 'tuple', 'list')) return value.items;
  throw new PickleFault('a tensor whose size is no tuple');
}

/** `_rebuild_tensor(storage, offset, size, stride)` and its successors. */
function rebuildTensor(args: readonly PickleValue[], dtype?: string): PickleTensor {
  const [storage, offset, size, stride] = args;
  const shape = shapeOf(tupleItems(size));
  const strides = shapeOf(tupleItems(stride));
  const [start] = countsOf([offset ?? null]) as [number];
  if (strides.length !== shape.length) throw new PickleFault(`${strides.length} strides for ${shape.length} axes`);
  if (isKind(storage ?? null, 'storage')) {
    return {
      kind: 'tensor',
      storage: storage as PickleStorage,
      dtype: dtype ?? (storage as PickleStorage).dtype,
      offset: start,
      shape,
      strides,
    };
  }
  // A nested file inside of a byte string, or what an unknown function would give.
  const what = isKind(storage ?? null, 'object') ? globalName((storage as PickleObject).type) : 'no storage';
  return { kind: 'tensor', storage: undefined, dtype: `a tensor over ${what}`, offset: start, shape, strides };
}

function withoutStorage(dtype: string, shape: PickleValue | undefined): PickleTensor {
  const counts = shape !== undefined && isKind(shape, 'tuple', 'list') ? shapeOf(shape.items) : [];
  return { kind: 'tensor', storage: undefined, dtype, offset: 0, shape: counts, strides: counts.map(() => 0) };
}

function first(args: readonly PickleValue[]): PickleValue {
  if (args[0] === undefined) throw new PickleFault('a call without its argument');
  return args[0];
}

function latin1Bytes(args: readonly PickleValue[]): Uint8Array | undefined {
  const [text, encoding] = args;
  if (typeof text !== 'string' || (encoding !== 'latin1' && encoding !== 'latin-1')) return undefined;
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = text.charCodeAt(index);
  return bytes;
}

function newDict(args: readonly PickleValue[]): PickleValue {
  const entries = new Map<PickleValue, PickleValue>();
  const [from] = args;
  if (from !== undefined && isKind(from, 'dict'))
    for (const [key, value] of from.entries) addEntry(entries, key, value);
  else if (from !== undefined && isKind(from, 'list', 'tuple')) {
    for (const pair of from.items) {
      if (!isKind(pair, 'list', 'tuple') || pair.items.length !== 2) throw new PickleFault('a dictionary of no pairs');
      addEntry(entries, pair.items[0]!, pair.items[1]!);
    }
  }
  return { kind: 'dict', entries };
}

function newSequence(kind: 'list' | 'tuple' | 'set', args: readonly PickleValue[]): PickleValue {
  const [from] = args;
  return { kind, items: from !== undefined && isKind(from, 'list', 'tuple', 'set') ? [...from.items] : [] };
}

type Call = (args: readonly PickleValue[]) => PickleValue | undefined;

const numpyCalls = (module: string): Readonly<Record<string, Call>> => ({
  [`${module}.multiarray._reconstruct`]: () => newNumpyArray(),
  [`${module}.multiarray.scalar`]: ([dtype, data]) => ({
    ...newNumpyArray(),
    shape: [],
    dtype: isKind(dtype ?? null, 'numpy-dtype') ? (dtype as NumpyDtype) : undefined,
    data: data instanceof Uint8Array ? data : undefined,
  }),
  // protocol 5: (buffer, dtype, shape, order)
  [`${module}.numeric._frombuffer`]: ([data, dtype, shape, order]) => ({
    ...newNumpyArray(),
    shape: shapeOf(tupleItems(shape)),
    dtype: isKind(dtype ?? null, 'numpy-dtype') ? (dtype as NumpyDtype) : undefined,
    fortranOrder: order === 'F',
    data: data instanceof Uint8Array ? data : undefined,
  }),
});

/** The names that mean something to us; every other one makes an inert object. */
const calls: Readonly<Record<string, Call>> = {
  'torch._utils._rebuild_tensor': (args) => rebuildTensor(args),
  'torch._utils._rebuild_tensor_v2': (args) => rebuildTensor(args),
  'torch._utils._rebuild_tensor_v3': (args) => {
    const dtype = args[6];
    return rebuildTensor(args, dtype !== undefined && isKind(dtype, 'global') ? dtype.name : 'unknown');
  },
  'torch._utils._rebuild_parameter': first,
  'torch._utils._rebuild_parameter_with_state': first,
  'torch.nn.parameter.Parameter': first,
  'torch.nn.parameter.Buffer': first,
  'torch._utils._rebuild_qtensor': (args) => ({
    ...rebuildTensor(args),
    storage: undefined,
    dtype: 'a quantized tensor',
  }),
  'torch._utils._rebuild_sparse_tensor': () => withoutStorage('a sparse tensor', undefined),
  'torch._utils._rebuild_meta_tensor_no_storage': (args) =>
    withoutStorage('a tensor without values (device meta)', args[1]),
  // (function, type, arguments, state) of a subclass of Tensor
  'torch._tensor._rebuild_from_type_v2': ([callee, , args]) => {
    if (callee === undefined || !isKind(callee, 'global'))
      throw new PickleFault('a tensor subclass without its function');
    return globalName(callee) === 'torch._tensor._rebuild_from_type_v2'
      ? undefined
      : torchCall(callee, tupleItems(args));
  },
  'torch.Size': (args) => newSequence('tuple', args),
  'torch.jit._pickle.restore_type_tag': first,
  'torch.jit._pickle.build_intlist': first,
  'torch.jit._pickle.build_doublelist': first,
  'torch.jit._pickle.build_boollist': first,
  'torch.jit._pickle.build_tensorlist': first,
  'collections.OrderedDict': newDict,
  'collections.Counter': newDict,
  'collections.defaultdict': () => newDict([]),
  'collections.deque': (args) => newSequence('list', args),
  '_codecs.encode': latin1Bytes,
  'numpy.dtype': newNumpyDtype,
  ...numpyCalls('numpy.core'),
  ...numpyCalls('numpy._core'),
};

const builtins: Readonly<Record<string, Call>> = {
  dict: newDict,
  list: (args) => newSequence('list', args),
  tuple: (args) => newSequence('tuple', args),
  set: (args) => newSequence('set', args),
  frozenset: (args) => newSequence('set', args),
  bytearray: (args) =>
    args.length === 0 ? new Uint8Array() : args[0] instanceof Uint8Array ? args[0] : latin1Bytes(args),
};

/** The call half of {@link PickleNames} for files of torch and numpy. */
export function torchCall(callee: PickleGlobal, args: readonly PickleValue[]): PickleValue | undefined {
  const known = knownCall(callee);
  if (known) return known(args);
  // Something unknown over raw memory is a tensor of a kind that only its own code can rebuild.
  return args.some((arg) => isKind(arg, 'storage'))
    ? withoutStorage(`what ${globalName(callee)} would make of it (nothing in a file is called)`, undefined)
    : undefined;
}

function knownCall(callee: PickleGlobal): Call | undefined {
  const { module, name } = callee;
  if (module === 'builtins' || module === '__builtin__')
    return Object.hasOwn(builtins, name) ? builtins[name] : undefined;
  const full = globalName(callee);
  return Object.hasOwn(calls, full) ? calls[full] : undefined;
}

/** Names that only hold fields or stand for values: configurations, devices, types. */
const plainNames: readonly RegExp[] = [
  /^(argparse\.Namespace|types\.SimpleNamespace|collections\.\w+|omegaconf\.[\w.]+|typing\.Any|__torch__\..*)$/,
  /^torch\.(device|Size|\w*Storage|storage\.\w*Storage|bool|(float|bfloat|int|uint|complex|qint|quint)\d+\w*)$/,
  /^numpy\.(ndarray|dtype|(float|int|uint|complex|bool|str|bytes)\d*_?)$/,
  /^(builtins|__builtin__)\.(dict|list|tuple|set|frozenset|bytearray|int|float|bool|str|bytes|complex|slice|range|object)$/,
  /^copy_?reg\._reconstructor$/,
];

/** Whether a name in a pickle is one of torch's or numpy's own that carries data, and so nothing to tell of. */
export function isPlainName(name: string): boolean {
  const dot = name.lastIndexOf('.');
  const known = knownCall({ kind: 'global', module: name.slice(0, Math.max(dot, 0)), name: name.slice(dot + 1) });
  return known !== undefined || plainNames.some((pattern) => pattern.test(name));
}
