import { platform } from '#platform';
import type { ByteSource } from '../checkpoint/byte-source';
import type { ContentHash } from './remote-file';

const blockBytes = 4 * 1024 * 1024;

export interface HashOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called after each block with the bytes done. */
  readonly onBytes?: (done: number) => void;
}

/** Hash of all bytes of a source in lower-case hex, read in blocks. */
export async function hashOfSource(
  source: ByteSource,
  kind: ContentHash['kind'],
  { signal, onBytes }: HashOptions = {},
): Promise<string> {
  const hash = platform.createHash(kind === 'git' ? 'sha1' : 'sha256');
  if (kind === 'git') hash.update(new TextEncoder().encode(`blob ${source.size}\0`));
  for (let at = 0; at < source.size; at += blockBytes) {
    const length = Math.min(blockBytes, source.size - at);
    hash.update(await source.read(at, length, signal));
    onBytes?.(at + length);
  }
  return hash.digest();
}

/** {@link hashOfSource} of a file. @throws {InputError} `unreadable`. */
export async function hashOfPath(path: string, kind: ContentHash['kind'], options?: HashOptions): Promise<string> {
  const source = await platform.openFile(path);
  try {
    return await hashOfSource(source, kind, options);
  } finally {
    await source.close();
  }
}
