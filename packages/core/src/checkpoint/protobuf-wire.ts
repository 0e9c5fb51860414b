import { CheckpointError } from '../errors';
import type { ByteSource } from './byte-source';

/** One field of a message in protobuf's wire format. */
export interface WireField {
  readonly number: number;
  /** 0 varint, 1 eight bytes, 2 bytes with a length, 5 four bytes. */
  readonly wireType: 0 | 1 | 2 | 5;
  /** Of a varint: its value, exact below 2^53; other wire types: 0. */
  readonly value: number;
  /** Where the payload begins in the source. */
  readonly start: number;
  /** Payload bytes. */
  readonly length: number;
}

const windowBytes = 64 * 1024;
const maximumIntegers = 1000;

/** Walks messages of a source without reading payloads that nobody asks for. */
export interface WireReader {
  /** Of the source, for messages. */
  readonly name: string;
  /** Fields of the message in `[start, end)`. @throws {CheckpointError} `malformed`. */
  fields(start: number, end: number): AsyncGenerator<WireField>;
  bytes(field: WireField): Promise<Uint8Array>;
  /** At most 64 kB. */
  text(field: WireField): Promise<string>;
  /** Integers of a repeated field: one varint, or many in a packed one; at most 1,000. */
  integers(field: WireField): Promise<readonly number[]>;
  /** Any number of them, one after the other. */
  eachInteger(field: WireField, visit: (value: number) => void): Promise<void>;
}

/** A reader of protobuf messages that lie in a source of any size. */
export function wireReader(source: ByteSource, signal?: AbortSignal): WireReader {
  let window: Uint8Array = new Uint8Array();
  let windowStart = 0;
  const fail = (expected: string, actual: string, code: 'malformed' | 'limit-exceeded' = 'malformed'): never => {
    throw new CheckpointError(code, `${source.name}: protobuf: expected ${expected}, got ${actual}.`, {
      source: source.name,
    });
  };
  const ensure = async (position: number, end: number) => {
    const needed = Math.min(10, end - position);
    if (position >= windowStart && position + needed <= windowStart + window.length) return;
    windowStart = position;
    window = await source.read(position, Math.min(windowBytes, source.size - position), signal);
  };
  const varint = (position: number, end: number) =>
    decodeVarint(window, position - windowStart, end - windowStart) ?? fail('a varint', `other bytes at ${position}`);
  const bytes = async ({ start, length }: WireField) => {
    // Names lie between the headers that were read already: one read of the file each would take seconds.
    const from = start - windowStart;
    if (from >= 0 && from + length <= window.length) return window.slice(from, from + length);
    return source.read(start, length, signal);
  };
  const eachInteger = async (field: WireField, visit: (value: number) => void) => {
    if (field.wireType === 0) return visit(field.value);
    if (field.wireType !== 2) fail('integers', `wire type ${field.wireType}`);
    if (!visitVarints(await bytes(field), visit)) fail('packed varints', 'other bytes');
  };
  return {
    name: source.name,
    async *fields(start, end) {
      let position = start;
      while (position < end) {
        await ensure(position, end);
        const tag = varint(position, end);
        position += tag.length;
        const wireType = tag.value % 8;
        const number = Math.floor(tag.value / 8);
        if (number < 1 || number > 536_870_911) fail('a field number', `${number} at ${position}`);
        let value = 0;
        let length = 0;
        if (wireType === 0 || wireType === 2) {
          await ensure(position, end);
          const prefix = varint(position, end);
          if (wireType === 0) {
            value = prefix.value;
            length = prefix.length;
          } else {
            position += prefix.length;
            length = prefix.value;
          }
        } else if (wireType === 1 || wireType === 5) length = wireType === 1 ? 8 : 4;
        else fail('wire type 0, 1, 2 or 5', `${wireType} at ${position}`);
        if (length > end - position) fail(`a field of at most ${end - position} bytes at ${position}`, `${length}`);
        yield { number, wireType: wireType as WireField['wireType'], value, start: position, length };
        position += length;
      }
    },
    bytes,
    async text(field) {
      if (field.wireType !== 2 || field.length > windowBytes)
        fail(`a text of at most ${windowBytes} bytes`, `${field.length} bytes`);
      return new TextDecoder().decode(await bytes(field));
    },
    async integers(field) {
      if (field.wireType === 2 && field.length > maximumIntegers * 10)
        fail(`at most ${maximumIntegers} integers`, `${field.length} bytes`, 'limit-exceeded');
      const values: number[] = [];
      await eachInteger(field, (value) => values.push(value));
      return values;
    },
    eachInteger,
  };
}

/** Visits varints one behind the other; false where the bytes are none. Negative numbers come out as such. */
function visitVarints(bytes: Uint8Array, visit: (value: number) => void): boolean {
  for (let position = 0; position < bytes.length;) {
    const item = decodeVarint(bytes, position, bytes.length);
    if (!item) return false;
    visit(item.value);
    position += item.length;
  }
  return true;
}

/** Ten bytes at most; the value is read as int64, rounded beyond 2^53. */
function decodeVarint(
  bytes: Uint8Array,
  at: number,
  end: number,
): { readonly value: number; readonly length: number } | undefined {
  let low = 0;
  let scale = 1;
  const limit = Math.min(end, bytes.length, at + 10);
  for (let position = at; position < limit; position += 1) {
    const byte = bytes[position]!;
    if (position - at === 9) {
      // Only negative numbers take ten bytes: sign extension.
      return byte > 1 ? undefined : { value: byte === 1 ? wideVarint(bytes, at) : low, length: 10 };
    }
    low += (byte & 127) * scale;
    scale *= 128;
    if (byte < 128) return { value: low, length: position - at + 1 };
  }
  return undefined;
}

function wideVarint(bytes: Uint8Array, at: number): number {
  let value = 0n;
  for (let index = 0; index < 10; index += 1) value |= BigInt(bytes[at + index]! & 127) << BigInt(7 * index);
  return Number(BigInt.asIntN(64, value));
}
