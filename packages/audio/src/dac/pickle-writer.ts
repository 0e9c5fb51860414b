import { concatBytes } from '@tesserae/core';

/** Writes pickles of plain values and NumPy arrays, protocol 3. */
export interface PickleWriter {
  /** An integer from 0 to 2^53 - 1. */
  integer(value: number): void;
  boolean(value: boolean): void;
  text(value: string): void;
  /** A dictionary: every value is written by its function. */
  dictionary(entries: readonly (readonly [key: string, write: () => void])[]): void;
  /**
   * A NumPy array.
   *
   * @param type - NumPy's code: `u2`, `f4`.
   * @param data - Little-endian elements, row-major.
   */
  array(type: string, shape: readonly number[], data: Uint8Array): void;
  /** An array without axes that holds one object. */
  objectArray(write: () => void): void;
  /** The pickle. */
  end(): Uint8Array;
}

const op = {
  mark: 0x28,
  stop: 0x2e,
  tuple: 0x74,
  emptyTuple: 0x29,
  emptyList: 0x5d,
  append: 0x61,
  emptyDict: 0x7d,
  setItems: 0x75,
  int32: 0x4a,
  long: 0x8a,
  none: 0x4e,
  yes: 0x88,
  no: 0x89,
  unicode: 0x58,
  bytes: 0x42,
  shortBytes: 0x43,
  global: 0x63,
  reduce: 0x52,
  build: 0x62,
  protocol: 0x80,
} as const;

export function pickleWriter(): PickleWriter {
  const parts: Uint8Array[] = [Uint8Array.of(op.protocol, 3)];
  const put = (...bytes: number[]) => void parts.push(Uint8Array.from(bytes));
  const utf8 = new TextEncoder();
  const uint32 = (value: number) => {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, value, true);
    return bytes;
  };

  function integer(value: number): void {
    if (value >= -(2 ** 31) && value < 2 ** 31) {
      put(op.int32);
      parts.push(uint32(value >>> 0));
      return;
    }
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigInt64(0, BigInt(value), true);
    put(op.long, 8, ...bytes);
  }

  function text(value: string): void {
    const bytes = utf8.encode(value);
    put(op.unicode);
    parts.push(uint32(bytes.length), bytes);
  }

  function named(module: string, name: string): void {
    put(op.global);
    parts.push(utf8.encode(`${module}\n${name}\n`));
  }

  function rawBytes(value: Uint8Array): void {
    if (value.length < 256) put(op.shortBytes, value.length);
    else {
      put(op.bytes);
      parts.push(uint32(value.length));
    }
    parts.push(value);
  }

  function dtype(type: string, byteOrder: string, flags: number): void {
    named('numpy', 'dtype');
    put(op.mark);
    text(type);
    put(op.no, op.yes, op.tuple, op.reduce, op.mark);
    integer(3);
    text(byteOrder);
    put(op.none, op.none, op.none);
    integer(-1);
    integer(-1);
    integer(flags);
    put(op.tuple, op.build);
  }

  /** An empty array whose state follows. */
  function arrayState(shape: readonly number[], type: () => void, content: () => void): void {
    named('numpy.core.multiarray', '_reconstruct');
    put(op.mark);
    named('numpy', 'ndarray');
    put(op.mark);
    integer(0);
    put(op.tuple);
    rawBytes(utf8.encode('b'));
    put(op.tuple, op.reduce, op.mark);
    integer(1);
    put(op.mark);
    for (const length of shape) integer(length);
    put(op.tuple);
    type();
    put(op.no);
    content();
    put(op.tuple, op.build);
  }

  return {
    integer,
    text,
    boolean: (value) => put(value ? op.yes : op.no),
    dictionary(entries) {
      put(op.emptyDict, op.mark);
      for (const [key, write] of entries) {
        text(key);
        write();
      }
      put(op.setItems);
    },
    array: (type, shape, data) =>
      arrayState(
        shape,
        () => dtype(type, '<', 0),
        () => rawBytes(data),
      ),
    objectArray: (write) =>
      arrayState(
        [],
        () => dtype('O8', '|', 63),
        () => {
          put(op.emptyList);
          write();
          put(op.append);
        },
      ),
    end() {
      put(op.stop);
      return concatBytes(parts);
    },
  };
}
