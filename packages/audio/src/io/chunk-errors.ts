import { InputError } from '@tesserae/core/data';

/** Bytes that are no valid file of their format (code `undecodable`). */
export function undecodable(name: string, expected: string, actual: string, cause?: unknown): InputError {
  return new InputError(name, expected, actual, { code: 'undecodable', ...(cause !== undefined && { cause }) });
}

/** Chunks in front of the samples, and samples in front of their format, are held in memory up to this size. */
const largestHeld = 256 * 1024 * 1024;

/** @throws {InputError} A chunk that has to be held is too large (code `too-large`). */
export function checkHeld(name: string, chunk: string, bytes: number): void {
  if (bytes <= largestHeld) return;
  throw new InputError(name, `a chunk ${chunk} of at most ${largestHeld} bytes before the sound`, `${bytes}`, {
    code: 'too-large',
  });
}
