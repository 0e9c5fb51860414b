import { InputError } from '@tesserae/core/data';

/** One chunk of a RIFF file. */
export interface RiffChunk {
  /** Four characters. */
  readonly id: string;
  /** First byte of the content. */
  readonly start: number;
  /** One past the last byte of the content, never past the end of the file. */
  readonly end: number;
}

/** A WAV file's frame: byte order and chunks. */
export interface RiffFile {
  readonly littleEndian: boolean;
  readonly chunks: readonly RiffChunk[];
}

export const unknownSize = 0xffff_ffff;
/** Headers written before the length was known also say 0 or a little below the largest number. */
const doubtfulSize = 0x7fff_f000;
const maxChunks = 100_000;

/** True for the first bytes of a WAV file: RIFF, RIFX (big-endian), RF64 or BW64 with the form WAVE. */
export function isWav(bytes: Uint8Array): boolean {
  return bytes.length >= 12 && ['RIFF', 'RIFX', 'RF64', 'BW64'].includes(text(bytes, 0)) && text(bytes, 8) === 'WAVE';
}

/**
 * The chunks of a WAV file, in order. Sizes are taken for what they can be: 64-bit ones from `ds64`, unknown ones
 * (0xFFFFFFFF, or 0 in front of samples) and those past the end as "up to the end", and a missing pad byte after an
 * odd chunk is noticed.
 *
 * @throws {InputError} No WAV file (code `undecodable`).
 */
export function riffChunks(bytes: Uint8Array, name: string): RiffFile {
  if (!isWav(bytes)) throw new InputError(name, 'a WAV file', 'other bytes', { code: 'undecodable' });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const littleEndian = text(bytes, 0) !== 'RIFX';
  const chunks: RiffChunk[] = [];
  let longData: number | undefined;
  for (let at = 12; at + 8 <= bytes.length && chunks.length < maxChunks;) {
    const id = text(bytes, at);
    const start = at + 8;
    let size = view.getUint32(at + 4, littleEndian);
    if (id === 'data') size = dataSize(bytes, start, size, longData, littleEndian);
    const end = Math.min(bytes.length, start + size);
    chunks.push({ id, start, end });
    if (id === 'ds64' && end - start >= 16) longData = Number(view.getBigUint64(start + 8, littleEndian));
    at = nextChunk(bytes, start, size);
  }
  return { littleEndian, chunks };
}

function dataSize(
  bytes: Uint8Array,
  start: number,
  size: number,
  longSize: number | undefined,
  littleEndian: boolean,
): number {
  if (longSize !== undefined && (size === unknownSize || size === 0)) return longSize;
  const rest = bytes.length - start;
  if (size >= doubtfulSize && size > rest) return rest;
  if (size === 0 && rest > 0 && !chunksFollow(bytes, start, littleEndian)) return rest;
  return size;
}

/** Where the next chunk begins: behind the pad byte of an odd one, or at once where the writer forgot it. */
function nextChunk(bytes: Uint8Array, start: number, size: number): number {
  const end = start + size;
  if (size % 2 === 0) return end;
  const padded = isChunkName(bytes, end + 1) || !isChunkName(bytes, end);
  return padded ? end + 1 : end;
}

/** True if chunks with plausible names lead from here exactly to the end of the file. */
export function chunksFollow(bytes: Uint8Array, start: number, littleEndian: boolean): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = start;
  while (at + 8 <= bytes.length && isChunkName(bytes, at)) {
    const size = view.getUint32(at + 4, littleEndian);
    at += 8 + size + (size % 2);
  }
  return at === bytes.length || at === bytes.length + 1;
}

export function isChunkName(bytes: Uint8Array, at: number): boolean {
  if (at + 8 > bytes.length) return at >= bytes.length;
  return bytes.subarray(at, at + 4).every((byte) => byte >= 0x20 && byte < 0x7f);
}

/** Four bytes as characters. */
export function text(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
