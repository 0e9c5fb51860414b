/** Bytes of pickles for tests, opcode by opcode. */
export type Part = number | string | Uint8Array | readonly Part[];

/** Joins opcodes: numbers are bytes, strings latin-1. */
export function bytesOf(...parts: readonly Part[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  const add = (part: Part): void => {
    if (typeof part === 'number') pieces.push(Uint8Array.of(part));
    else if (typeof part === 'string') pieces.push(Uint8Array.from(part, (letter) => letter.charCodeAt(0)));
    else if (part instanceof Uint8Array) pieces.push(part);
    else part.forEach(add);
  };
  parts.forEach(add);
  const out = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let position = 0;
  for (const piece of pieces) {
    out.set(piece, position);
    position += piece.length;
  }
  return out;
}

/** The same bytes many times. */
export function repeat(part: Part, count: number): Uint8Array {
  const unit = bytesOf(part);
  const out = new Uint8Array(unit.length * count);
  out.set(unit);
  for (let filled = unit.length; filled < out.length; filled *= 2) out.copyWithin(filled, 0, filled);
  return out;
}

export function uint32(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

export function uint64(value: bigint | number): Uint8Array {
  return new Uint8Array(BigUint64Array.of(BigInt(value)).buffer);
}

export const text = (value: string): Part => {
  const encoded = new TextEncoder().encode(value);
  return ['X', uint32(encoded.length), encoded];
};

export const integer = (value: number | bigint): Part => {
  if (typeof value === 'number' && value >= 0 && value < 256) return ['K', value];
  return ['\x8a', 8, new Uint8Array(BigInt64Array.of(BigInt(value)).buffer)];
};

export const tuple = (...items: readonly Part[]): Part => ['(', ...items, 't'];
export const list = (...items: readonly Part[]): Part => [']', '(', ...items, 'e'];
export const dict = (...entries: readonly (readonly [string, Part])[]): Part => [
  '}',
  '(',
  ...entries.map(([key, value]): Part => [text(key), value]),
  'u',
];
export const global = (module: string, name: string): Part => `c${module}\n${name}\n`;
export const call = (callee: Part, ...args: readonly Part[]): Part => [callee, tuple(...args), 'R'];
/** A whole pickle of protocol 2. */
export const pickle = (value: Part): Uint8Array => bytesOf('\x80\x02', value, '.');

export interface TensorOptions {
  readonly key?: string;
  readonly storageClass?: string;
  /** Elements that the storage is said to have. */
  readonly elements?: number | bigint;
  readonly offset?: number | bigint;
  readonly shape: readonly (number | bigint)[];
  readonly strides?: readonly (number | bigint)[];
}

export function contiguousStrides(shape: readonly (number | bigint)[]): (number | bigint)[] {
  const strides = shape.map(() => 1n);
  for (let axis = shape.length - 2; axis >= 0; axis -= 1) strides[axis] = strides[axis + 1]! * BigInt(shape[axis + 1]!);
  return strides.map(Number);
}

/** `torch._utils._rebuild_tensor_v2` over a storage. */
export function tensor({
  key = '0',
  storageClass = 'FloatStorage',
  elements,
  offset = 0,
  shape,
  strides,
}: TensorOptions): Part {
  const count = elements ?? shape.reduce<number>((product, length) => product * Number(length), 1);
  const id = tuple(text('storage'), global('torch', storageClass), text(key), text('cpu'), integer(count));
  return call(
    global('torch._utils', '_rebuild_tensor_v2'),
    [id, 'Q'],
    integer(offset),
    tuple(...shape.map(integer)),
    tuple(...(strides ?? contiguousStrides(shape)).map(integer)),
    '\x89',
    call(global('collections', 'OrderedDict')),
  );
}
