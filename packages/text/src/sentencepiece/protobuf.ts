import { ConfigError } from '@tesserae/core/data';

/** A field of a message in protobuf's wire format. */
export interface WireField {
  readonly number: number;
  /** 0 varint, 1 eight bytes, 2 bytes with a length, 5 four bytes. */
  readonly type: number;
  /** Of a varint: its low 32 bits, signed. */
  readonly value: number;
  /** Of the other types: their bytes. */
  readonly bytes: Uint8Array;
}

const nothing = new Uint8Array();

/**
 * Fields of a message, in order.
 *
 * @throws {ConfigError} The bytes are no message.
 */
export function readFields(message: Uint8Array, name: string): WireField[] {
  const fields: WireField[] = [];
  let at = 0;
  const fail = (what: string) => new ConfigError(name, 'a protobuf message', `${what} at byte ${at}`);
  const varint = (): number => {
    let low = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (at >= message.length) throw fail('the end inside a number');
      const byte = message[at++]!;
      if (shift < 32) low |= (byte & 127) << shift;
      if (byte < 128) return low;
    }
    throw fail('a number that is too long');
  };
  const take = (length: number): Uint8Array => {
    if (length < 0 || at + length > message.length) throw fail(`a field of ${length} bytes`);
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const tag = varint();
    const [number, type] = [tag >>> 3, tag & 7];
    if (number === 0) throw fail('field number 0');
    if (type === 0) fields.push({ number, type, value: varint(), bytes: nothing });
    else if (type === 1) fields.push({ number, type, value: 0, bytes: take(8) });
    else if (type === 2) fields.push({ number, type, value: 0, bytes: take(varint()) });
    else if (type === 5) fields.push({ number, type, value: 0, bytes: take(4) });
    else throw fail(`wire type ${type}`);
  }
  return fields;
}

/** A 32-bit float field. */
export const floatOf = ({ bytes }: WireField): number =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getFloat32(0, true);

/** Collects the bytes of a message. */
export interface WireWriter {
  varint(number: number, value: number): void;
  float(number: number, value: number): void;
  bytes(number: number, value: Uint8Array): void;
  done(): Uint8Array;
}

export function createWireWriter(): WireWriter {
  let out = new Uint8Array(256);
  let length = 0;
  const reserve = (more: number) => {
    if (length + more <= out.length) return;
    const larger = new Uint8Array(Math.max(out.length * 2, length + more));
    larger.set(out.subarray(0, length));
    out = larger;
  };
  const raw = (value: number) => {
    reserve(5);
    let left = value >>> 0;
    for (; left > 127; left >>>= 7) out[length++] = (left & 127) | 128;
    out[length++] = left;
  };
  return {
    varint(number, value) {
      raw(number * 8);
      raw(value);
    },
    float(number, value) {
      raw(number * 8 + 5);
      reserve(4);
      new DataView(out.buffer).setFloat32(length, value, true);
      length += 4;
    },
    bytes(number, value) {
      raw(number * 8 + 2);
      raw(value.length);
      reserve(value.length);
      out.set(value, length);
      length += value.length;
    },
    done: () => out.slice(0, length),
  };
}
