import type { ByteReader } from '../byte-reader';
import { undecodable } from '../chunk-errors';
import { crc } from '../crc';
import { text } from '../riff-chunks';

/** The check sum of an Ogg page, taken with zeros in its place. */
export const oggCrc = crc(32, 0x04c1_1db7);

/** A page of a logical stream. */
export interface OggPage {
  readonly serial: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** It begins with the rest of a packet. */
  readonly isContinued: boolean;
  /** Position in samples after the last packet that ends here; -1 where none does. */
  readonly granule: number;
  /** Whole page. */
  readonly bytes: Uint8Array;
  /** Pieces of packets. */
  readonly pieces: readonly Uint8Array[];
  /** Its last packet goes on in the next page. */
  readonly isOpen: boolean;
}

const headerBytes = 27;

/**
 * The next page; undefined at the end. A page that is cut off at the end is left out.
 *
 * @throws {InputError} `undecodable`: other bytes, or a wrong check sum.
 */
export async function readOggPage(reader: ByteReader): Promise<OggPage | undefined> {
  const start = reader.position;
  const head = await reader.peek(headerBytes);
  if (head.length === 0) return undefined;
  if (text(head, 0) !== 'OggS' || (head[4] ?? 0) !== 0) {
    throw undecodable(reader.name, `an Ogg page at byte ${start}`, 'other bytes');
  }
  if (head.length < headerBytes) return undefined;
  const count = head[26]!;
  const lacing = (await reader.peek(headerBytes + count)).subarray(headerBytes);
  const length = headerBytes + count + lacing.reduce((sum, size) => sum + size, 0);
  const bytes = new Uint8Array(await reader.take(length));
  if (lacing.length < count || bytes.length < length) return undefined;
  const view = new DataView(bytes.buffer);
  const stated = view.getUint32(22, true);
  if (oggCrc(new Uint8Array(bytes).fill(0, 22, 26)) >>> 0 !== stated) {
    throw undecodable(reader.name, `a whole Ogg page at byte ${start}`, 'one with a wrong check sum');
  }
  const flags = bytes[5]!;
  const granule = view.getBigInt64(6, true);
  return {
    serial: view.getUint32(14, true),
    isFirst: (flags & 2) !== 0,
    isLast: (flags & 4) !== 0,
    isContinued: (flags & 1) !== 0,
    granule: granule < 0n || granule > BigInt(Number.MAX_SAFE_INTEGER) ? -1 : Number(granule),
    bytes,
    pieces: piecesOf(bytes.subarray(headerBytes + count), lacing),
    isOpen: count > 0 && lacing[count - 1] === 255,
  };
}

function piecesOf(body: Uint8Array, lacing: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let from = 0;
  let to = 0;
  lacing.forEach((size, index) => {
    to += size;
    if (size === 255 && index < lacing.length - 1) return;
    pieces.push(body.subarray(from, to));
    from = to;
  });
  return pieces;
}
