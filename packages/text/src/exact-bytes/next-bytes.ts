import { sequenceLength } from '../bytes/utf8';

const continuation = { low: 0x80, high: 0xbf } as const;

/**
 * Bytes of UTF-8 that may come after the beginning of a character.
 *
 * @param tail - 1..3 bytes that a character begins with.
 * @returns The range, both ends included.
 */
export function nextByteRange(tail: ArrayLike<number>): { readonly low: number; readonly high: number } {
  if (tail.length !== 1) return continuation;
  const first = tail[0]!;
  if (first === 0xe0) return { low: 0xa0, high: 0xbf };
  if (first === 0xed) return { low: 0x80, high: 0x9f };
  if (first === 0xf0) return { low: 0x90, high: 0xbf };
  return first === 0xf4 ? { low: 0x80, high: 0x8f } : continuation;
}

/** True where a byte begins a character of several bytes. */
export const isLeadByte = (byte: number): boolean => sequenceLength(byte) > 1;

/**
 * Characters that begin with the bytes: all of them where one byte is missing, else one for each of the bytes that may
 * come next and each of a few that may end them.
 */
export function completions(tail: Uint8Array): Uint8Array[] {
  const missing = sequenceLength(tail[0]!) - tail.length;
  const { low, high } = nextByteRange(tail);
  const endings = missing === 1 ? [[]] : [0x80, 0xa9].map((byte) => Array.from({ length: missing - 1 }, () => byte));
  return Array.from({ length: high - low + 1 }, (_, offset) => low + offset).flatMap((next) =>
    endings.map((ending) => Uint8Array.of(...tail, next, ...ending)),
  );
}
