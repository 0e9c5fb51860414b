import { crc32 } from '../checkpoint/crc32';
import { TokensError } from '../errors/tokens-error';
import type { Json } from '../signal/signal';
import { byteReader, type ByteReader, concatBytes, malformed, u16Bytes, u32Bytes } from './binary';
import { chooseCodings } from './choose-codings';
import { type Chunk, encodeChunk, readChunk } from './chunk-codec';
import { describeItems, type FileHeader, largestHeaderBytes, type ParsedHeader, parseHeader } from './file-header';
import { encodeIndex, readIndex } from './file-index';
import { allowance, decodeLevel, encodeLevel, freeCost } from './level-codec';
import type { LevelCoding } from './level-format';
import { countTokens } from './levels';
import type { TokensInit } from './token-types';
import { checkTokens } from './validate-tokens';

export interface TokensFileOptions {
  /** `rans`: entropy code the levels that get smaller by it. Default `none`. */
  readonly entropy?: 'none' | 'rans';
  /** `radix`: several index symbols share a 64-bit word where that saves at least 3 %. Default `bits`. */
  readonly packing?: 'bits' | 'radix';
  /** A checksum behind every chunk. Default true. */
  readonly checksum?: boolean;
  /** Items that are read together; random access reads one chunk. Default 64. */
  readonly itemsPerChunk?: number;
  /** Anything about the whole file. */
  readonly meta?: Json;
}

export interface TokensFrame {
  readonly header: ParsedHeader;
  readonly chunks: readonly Chunk[];
  /** What {@link decodeChunk} may take in all: one allowance for every reading of the file. */
  readonly freeTokens: number;
}

const magic = [0x54, 0x4f, 0x4b, 0x31]; // TOK1
const version = 1;
const entropyFlag = 1;
export const indexFlag = 2;
export const checksumFlag = 4;
/** Allowance of a file for what takes no bytes: this, and 64 for each of its items. */
export const freeTokens = 2 ** 20;
export const freeTokensPerItem = 64;

/** The bytes of a `.tok` file. @throws {TokensError} The items cannot share a file. */
export function encodeFile(items: readonly TokensInit[], options: TokensFileOptions = {}): Uint8Array {
  const { checksum = true, itemsPerChunk = 64 } = options;
  const plain = describeItems(items, options.meta);
  const codings = chooseCodings(plain.levels, items, options);
  const header: FileHeader = { ...plain, levels: codings.map(({ format }) => format) };
  checkFreeTokens(items, codings);
  const chunks: Uint8Array[] = [];
  const counts: number[] = [];
  for (let start = 0; start < items.length; start += itemsPerChunk) {
    const group = items.slice(start, start + itemsPerChunk);
    chunks.push(encodeChunk(group, header, codings, checksum));
    counts.push(group.length);
  }
  const hasIndex = chunks.length > 1;
  const flags =
    (codings.some(({ tables }) => tables) ? entropyFlag : 0) |
    (hasIndex ? indexFlag : 0) |
    (checksum ? checksumFlag : 0);
  const start = encodeStart(header, flags);
  const sizes = chunks.map(({ length }, index) => ({ length, items: counts[index]! }));
  return concatBytes([start, ...chunks, ...(hasIndex ? encodeIndex(start.length, sizes) : [])]);
}

/** Everything in front of the chunks. */
export function encodeStart(header: FileHeader, flags: number): Uint8Array {
  const bytes = encodeHeader(header);
  return concatBytes([
    Uint8Array.from(magic),
    u16Bytes(version),
    u16Bytes(flags),
    u32Bytes(bytes.length),
    u32Bytes(crc32(bytes)),
    bytes,
  ]);
}

/** The levels alone, each padded to a byte. */
export function encodePayload(item: TokensInit): Uint8Array {
  const { levels } = describeItems([item]);
  return concatBytes(item.levels.map((level, index) => encodeLevel(level, { format: levels[index]! })));
}

/** @throws {TokensError} `malformed`: not as many bytes as the levels of `like` take, or other damage. */
export function decodePayload(bytes: Uint8Array, like: TokensInit): TokensInit {
  const checked = checkTokens(like);
  const { levels } = describeItems([checked]);
  const reader = byteReader(bytes);
  const free = allowance(Number.POSITIVE_INFINITY); // the caller's own arrays have the same size
  const decoded = checked.levels.map(({ shape }, index) =>
    decodeLevel(`levels[${index}]`, reader, { format: levels[index]! }, shape, free),
  );
  if (reader.remaining > 0) {
    throw malformed(`${reader.remaining} bytes behind the payload`);
  }
  return { ...checked, levels: decoded };
}

/**
 * Header and chunks; chunks are not decoded yet.
 *
 * @param recover - Take the whole chunks at the front of a file that is cut off or damaged behind them.
 * @throws {TokensError} `malformed`, `unsupported-version`.
 */
export function openFrame(bytes: Uint8Array, recover = false): TokensFrame {
  const reader = byteReader(bytes);
  const { header, checked, hasIndex } = readStart(reader);
  const chunks = recover ? recoverChunks(reader, checked) : readChunks(bytes, reader, checked, hasIndex);
  const items = chunks.reduce((sum, chunk) => sum + chunk.items, 0);
  return { header, chunks, freeTokens: freeTokens + freeTokensPerItem * items };
}

/** Whether the first four bytes are those of a `.tok` file. */
export const startsAsTokens = (bytes: Uint8Array): boolean => magic.every((byte, index) => bytes[index] === byte);

/** What stands in front of the chunks. */
export interface TokensFileStart {
  readonly header: ParsedHeader;
  /** A checksum behind every chunk. */
  readonly checked: boolean;
  readonly hasIndex: boolean;
}

/** @throws {TokensError} `malformed`, `unsupported-version`. */
export function readStart(reader: ByteReader): TokensFileStart {
  if (!startsAsTokens(reader.take(4, 'the letters TOK1'))) throw malformed('does not start with TOK1');
  const start = reader.take(4, 'version and flags');
  const fileVersion = start[0]! | (start[1]! << 8);
  const flags = start[2]! | (start[3]! << 8);
  if (fileVersion !== version || flags > (entropyFlag | indexFlag | checksumFlag)) {
    throw new TokensError(
      'unsupported-version',
      `.tok file: expected version ${version} and flags 0..7, got version ${fileVersion} and flags ${flags}.`,
    );
  }
  const header = readHeader(reader);
  if (header.codings.some(({ tables }) => tables) !== ((flags & entropyFlag) !== 0)) {
    throw malformed('the entropy flag contradicts the header');
  }
  return { header, checked: (flags & checksumFlag) !== 0, hasIndex: (flags & indexFlag) !== 0 };
}

function encodeHeader(header: FileHeader): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(Math.ceil(text.length / 8) * 8).fill(0x20);
  bytes.set(text);
  if (bytes.length > largestHeaderBytes) {
    throw new TokensError(
      'invalid-tokens',
      `.tok header: expected at most ${largestHeaderBytes} bytes, got ${bytes.length}.`,
    );
  }
  return bytes;
}

function readHeader(reader: ByteReader): ParsedHeader {
  const length = reader.u32('header length');
  const sum = reader.u32('header checksum');
  if (length > largestHeaderBytes || length % 8 !== 0) {
    throw malformed(`a header of ${length} bytes, expected a multiple of 8 up to ${largestHeaderBytes}`);
  }
  const bytes = reader.take(length, 'header');
  if (crc32(bytes) !== sum) {
    throw malformed('the checksum of the header is wrong');
  }
  return parseHeader(bytes);
}

function recoverChunks(reader: ByteReader, checked: boolean): Chunk[] {
  const chunks: Chunk[] = [];
  while (reader.remaining > 0) {
    try {
      chunks.push(readChunk(reader, checked));
    } catch {
      break;
    }
  }
  return chunks;
}

/** Chunks and index have to fill the file; a file without an index is one chunk. */
function readChunks(bytes: Uint8Array, reader: ByteReader, checked: boolean, hasIndex: boolean): Chunk[] {
  if (!hasIndex) {
    const chunk = readChunk(reader, checked);
    if (reader.remaining > 0) {
      throw malformed(`${reader.remaining} bytes behind the only chunk of a file without an index`);
    }
    return [chunk];
  }
  const index = readIndex(bytes, reader.position);
  const chunks = index.entries.map(({ offset, length, items }) => {
    const at = reader.position;
    const chunk = readChunk(reader, checked);
    if (offset !== at || length !== reader.position - at || items !== chunk.items) {
      throw malformed(`the index does not describe the chunk at offset ${at}`);
    }
    return chunk;
  });
  const padding = reader.take(index.start - reader.position, 'padding');
  if (index.start !== Math.ceil((index.start - padding.length) / 8) * 8 || padding.some((byte) => byte !== 0)) {
    throw malformed('chunks and index do not fill the file');
  }
  if (chunks.reduce((sum, { items }) => sum + items, 0) !== index.items) {
    throw malformed(`the index counts ${index.items} items, the chunks others`);
  }
  return chunks;
}

/** What reading refuses is not written either. */
function checkFreeTokens(items: readonly TokensInit[], codings: readonly LevelCoding[]): void {
  let free = 0;
  for (const item of items) {
    for (const [index, level] of item.levels.entries()) {
      const count = countTokens(level.shape);
      free += freeCost(codings[index]!.format, count);
    }
  }
  if (free > freeTokens + freeTokensPerItem * items.length) {
    throw new TokensError(
      'invalid-tokens',
      `.tok file: more tokens of a vocabulary of 1, or levels without tokens, than a file may hold (about ${freeTokens}).`,
    );
  }
}
