import { platform } from '#platform';
import type { EncodeOnlyTokenizer } from '../tokenizer/tokenizer';

/** A weight file as it was loaded, with its hash: what a report needs so that others can compare. */
export interface HashedFile {
  /** Last part of the path. */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  /** 64 hex digits, as `sha256sum` prints them. */
  readonly sha256: string;
}

/**
 * SHA-256 of a file in hex. A path is read in blocks; bytes and Blobs go through WebCrypto as a whole.
 *
 * @param file - A path, bytes, or a Blob.
 * @throws {InputError} `unreadable`.
 * @throws {UnsupportedError} A path in a browser.
 */
export async function sha256OfFile(
  file: string | Uint8Array | Blob,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<string> {
  signal?.throwIfAborted();
  if (typeof file === 'string') return platform.sha256OfFile(file, signal);
  const bytes = file instanceof Blob ? new Uint8Array(await file.arrayBuffer()) : file;
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  signal?.throwIfAborted();
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Name, size and SHA-256 of every weight file of a loaded tokenizer, in the order of `info.files`. Empty where the
 * weights came as bytes, a Blob or a URL, or are random.
 *
 * @throws {InputError} `unreadable`: a file has gone.
 */
export async function weightFileHashes(
  tokenizer: Pick<EncodeOnlyTokenizer<never>, 'info'>,
  options: { readonly signal?: AbortSignal } = {},
): Promise<readonly HashedFile[]> {
  const hashed: HashedFile[] = [];
  for (const { name, path, bytes } of tokenizer.info.files) {
    hashed.push({ name, path, bytes, sha256: await sha256OfFile(path, options) });
  }
  return hashed;
}
