import { crc32 } from '../checkpoint/crc32';
import { byteReader, type ByteReader, concatBytes, malformed, u32Bytes, varintBytes } from './binary';
import { differingFields, type FileHeader, type ParsedHeader, parseJson } from './file-header';
import { type Allowance, decodeLevel, encodeLevel } from './level-codec';
import type { LevelCoding } from './level-format';
import { countTokens } from './levels';
import type { TokensInit } from './token-types';
import { largestCount, record } from './validate-tokens';

/** One item or a group of items in the file. */
export interface Chunk {
  readonly body: Uint8Array;
  readonly items: number;
}

/** Length, items and checksum of one chunk. */
export function encodeChunk(
  items: readonly TokensInit[],
  header: FileHeader,
  codings: readonly LevelCoding[],
  checksum: boolean,
): Uint8Array {
  const parts: Uint8Array[] = [varintBytes(items.length)];
  for (const item of items) {
    for (const [index, { shape }] of header.levels.entries()) {
      for (const [axis, length] of shape.entries()) {
        if (length === null) {
          parts.push(varintBytes(item.levels[index]!.shape[axis]!));
        }
      }
    }
    const fields = differingFields(item, header);
    const json =
      Object.keys(fields).length === 0 ? new Uint8Array(0) : new TextEncoder().encode(JSON.stringify(fields));
    parts.push(varintBytes(json.length), json);
    parts.push(...item.levels.map((level, index) => encodeLevel(level, codings[index]!)));
  }
  const body = concatBytes(parts);
  const chunk = concatBytes([u32Bytes(body.length), body]);
  return checksum ? concatBytes([chunk, u32Bytes(crc32(chunk))]) : chunk;
}

/** Takes one chunk off the reader without decoding it. @throws {TokensError} `malformed`. */
export function readChunk(reader: ByteReader, checked: boolean): Chunk {
  const whole = reader.rest();
  const length = reader.u32('chunk length');
  const body = reader.take(length, 'chunk');
  if (checked && reader.u32('chunk checksum') !== crc32(whole.subarray(0, 4 + length))) {
    throw malformed(`the checksum of the chunk before offset ${reader.position} is wrong`);
  }
  const items = byteReader(body).varint('item count');
  if (items === 0 || items > length) {
    throw malformed(`${items} items in a chunk of ${length} bytes`);
  }
  return { body, items };
}

/** Decodes the items of one chunk; the values are checked by the constructor of Tokens. @throws {TokensError} `malformed`. */
export function decodeChunk(header: ParsedHeader, chunk: Chunk, free: Allowance): TokensInit[] {
  const reader = byteReader(chunk.body);
  const count = reader.varint('item count');
  const items: TokensInit[] = [];
  for (let index = 0; index < count; index += 1) {
    items.push(decodeItem(reader, header, free));
  }
  if (reader.remaining > 0) {
    throw malformed(`${reader.remaining} bytes behind the items of a chunk`);
  }
  return items;
}

function decodeItem(reader: ByteReader, header: ParsedHeader, free: Allowance): TokensInit {
  const shapes = header.levels.map(({ shape }) => shape.map((length) => length ?? reader.varint('axis length')));
  const json = reader.take(reader.varint('length of the source'), 'source');
  const own = json.length === 0 ? {} : record('source', parseJson('source', json));
  const levels = shapes.map((shape, index) => {
    const count = countTokens(shape);
    if (!(count <= largestCount)) {
      throw malformed(`levels[${index}] of ${count} tokens`);
    }
    return decodeLevel(`levels[${index}]`, reader, header.codings[index]!, shape, free);
  });
  const { tokenizer, prefixUnit } = header;
  return { tokenizer, prefixUnit, levels, source: { ...header.source, ...own } as unknown as TokensInit['source'] };
}
