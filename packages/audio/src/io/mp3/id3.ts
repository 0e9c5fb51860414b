import type { ByteReader } from '../byte-reader';
import { type Gapless, itunesGapless } from './gapless';

/** Tags up to this size are searched for the length of the sound; larger ones are only skipped. */
const largestSearched = 16 * 1024 * 1024;

/** Skips ID3 tags in front of the sound, whatever their size. @returns The length of the sound, if one says it. */
export async function skipId3(reader: ByteReader): Promise<Gapless | undefined> {
  let found: Gapless | undefined;
  for (;;) {
    const size = id3Bytes(await reader.peek(10));
    if (size === undefined) return found;
    if (size <= largestSearched) found = itunesGapless(await reader.take(size)) ?? found;
    else await reader.skip(size);
  }
}

/** Bytes of the ID3v2 tag that begins here, with its header and footer; undefined where none does. */
export function id3Bytes(bytes: Uint8Array): number | undefined {
  if (bytes.length < 10 || String.fromCharCode(...bytes.subarray(0, 3)) !== 'ID3') return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(6, 10);
  const footer = (bytes[5]! & 0x10) === 0 ? 0 : 10;
  return 10 + ((a & 127) << 21) + ((b & 127) << 14) + ((c & 127) << 7) + (d & 127) + footer;
}
