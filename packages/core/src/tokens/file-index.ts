import { crc32 } from '../checkpoint/crc32';
import { byteReader, concatBytes, malformed, u32Bytes, u64Bytes } from './binary';

const endMagic = [0x31, 0x4b, 0x4f, 0x54]; // 1KOT
const footerBytes = 24;
const indexEntryBytes = 16;

/** Where the chunks of a file are. */
export interface FileIndex {
  readonly start: number;
  readonly items: number;
  readonly entries: readonly (ChunkSize & { readonly offset: number })[];
}

/** Bytes and items of a chunk. */
export interface ChunkSize {
  readonly length: number;
  readonly items: number;
}

/** Reads the end of a file. @throws {TokensError} `malformed`. */
export function readIndex(bytes: Uint8Array, chunksStart: number): FileIndex {
  const footerStart = bytes.length - footerBytes;
  if (footerStart < chunksStart) {
    throw malformed('the index is missing: the file is cut off');
  }
  const footer = byteReader(bytes.subarray(footerStart));
  const start = footer.u64('index offset');
  const items = footer.u64('item count');
  const sum = footer.u32('index checksum');
  if (!endMagic.every((byte, index) => bytes[bytes.length - 4 + index] === byte)) {
    throw malformed('does not end with 1KOT: the file is cut off');
  }
  if (start < chunksStart || start > footerStart || (footerStart - start) % indexEntryBytes !== 0) {
    throw malformed(`an index at offset ${start} of ${bytes.length} bytes`);
  }
  const section = bytes.subarray(start, footerStart);
  if (crc32(section) !== sum) {
    throw malformed('the checksum of the index is wrong');
  }
  const reader = byteReader(section);
  const entries = Array.from({ length: section.length / indexEntryBytes }, () => ({
    offset: reader.u64('chunk offset'),
    length: reader.u32('chunk length'),
    items: reader.u32('item count'),
  }));
  return { start, items, entries };
}

/** Padding, index and footer behind chunks that begin at `chunksStart`. */
export function encodeIndex(chunksStart: number, chunks: readonly ChunkSize[]): Uint8Array[] {
  const entries: Uint8Array[] = [];
  let offset = chunksStart;
  for (const { length, items } of chunks) {
    entries.push(u64Bytes(offset), u32Bytes(length), u32Bytes(items));
    offset += length;
  }
  const padding = new Uint8Array((8 - (offset % 8)) % 8);
  const section = concatBytes(entries);
  const total = chunks.reduce((sum, { items }) => sum + items, 0);
  return [
    padding,
    section,
    u64Bytes(offset + padding.length),
    u64Bytes(total),
    u32Bytes(crc32(section)),
    Uint8Array.from(endMagic),
  ];
}
