import { InputError } from '@tesserae/core/data';
import type { ByteReader } from './byte-reader';

/** Bytes that are no valid file of their format (code `undecodable`). */
export function undecodable(name: string, expected: string, actual: string, cause?: unknown): InputError {
  return new InputError(name, expected, actual, { code: 'undecodable', ...(cause !== undefined && { cause }) });
}

/** Chunks in front of the samples, and samples in front of their format, are held in memory up to this size. */
const largestHeld = 256 * 1024 * 1024;

/**
 * A chunk that has to be in memory, or as much of it as the file has.
 *
 * @param size - As the file says.
 * @throws {InputError} There is more of it than can be held (code `too-large`).
 */
export async function takeHeld(reader: ByteReader, chunk: string, size: number): Promise<Uint8Array> {
  const content = await reader.take(Math.min(size, largestHeld + 1));
  if (content.length <= largestHeld) return content;
  throw new InputError(reader.name, `a chunk ${chunk} of at most ${largestHeld} bytes before the sound`, `${size}`, {
    code: 'too-large',
  });
}
