import { platform } from '#platform';
import { InputError } from '../errors';
import { blobSource, memorySource, type ByteSource } from './byte-source';
import { urlSource } from './url-source';

/** Bytes and Blobs above this are copied to a temporary file, so that they can be mapped instead of held. */
export const spoolThresholdBytes = 64 * 1024 * 1024;

export type CheckpointInput = string | URL | Uint8Array | Blob;

/**
 * Opens whatever a checkpoint can come from.
 *
 * @param name - For messages; default: the path, the URL, `bytes` or `blob`.
 * @throws {InputError} `unreadable`, or for something that is none of these.
 */
export async function openByteSource(
  input: CheckpointInput,
  { signal, name }: { readonly signal?: AbortSignal; readonly name?: string } = {},
): Promise<ByteSource> {
  signal?.throwIfAborted();
  if (typeof input === 'string') return platform.openFile(input);
  if (input instanceof URL) {
    const path = platform.pathOfUrl(input);
    return path === undefined ? urlSource(input, signal) : platform.openFile(path);
  }
  if (input instanceof Uint8Array) {
    const label = name ?? 'bytes';
    if (input.length <= spoolThresholdBytes) return memorySource(input, label);
    return (await platform.spool(input, label, { ...(signal && { signal }) })) ?? memorySource(input, label);
  }
  if (input instanceof Blob) {
    const label = name ?? (input instanceof File ? input.name : 'blob');
    if (input.size <= spoolThresholdBytes) return memorySource(new Uint8Array(await input.arrayBuffer()), label);
    return (await platform.spool(blobChunks(input), label, { ...(signal && { signal }) })) ?? blobSource(input, label);
  }
  throw new InputError('source', 'a path, a URL, bytes or a Blob', typeof input);
}

async function* blobChunks(blob: Blob): AsyncGenerator<Uint8Array> {
  const block = 16 * 1024 * 1024;
  for (let start = 0; start < blob.size; start += block)
    yield new Uint8Array(await blob.slice(start, start + block).arrayBuffer());
}
