import type { AudioInput, FileInput } from '@tesserae/core';

/** Bytes that arrive: standard input, the body of a response, any async iterable. */
export type AudioByteStream = AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>;

/** Whatever sound can be read from. */
export type AudioSourceInput = AudioInput | AudioByteStream;

/** True for a path, a URL, bytes or a Blob. */
export function isFileInput(input: unknown): input is FileInput {
  return (
    typeof input === 'string' ||
    input instanceof URL ||
    input instanceof Uint8Array ||
    (typeof Blob !== 'undefined' && input instanceof Blob)
  );
}

/** True for bytes that arrive. */
export function isByteStream(input: unknown): input is AudioByteStream {
  if (typeof input !== 'object' || input === null) return false;
  return Symbol.asyncIterator in input || ('getReader' in input && typeof input.getReader === 'function');
}

/** What messages call an input. */
export function nameOf(input: unknown): string {
  if (typeof input === 'string') return input.length > 200 ? `${input.slice(0, 200)}…` : input;
  return input instanceof URL ? input.href.slice(0, 200) : 'input';
}

/** A string that is a URL of the web or of a file becomes one; every other string is a path. */
export function withUrl(input: FileInput): FileInput {
  return typeof input === 'string' && /^(https?|file):/i.test(input) ? new URL(input) : input;
}
