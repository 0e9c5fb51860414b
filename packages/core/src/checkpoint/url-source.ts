import { CheckpointError, PretrainedError } from '../errors';
import { assertRange, blobSource, type ByteSource } from './byte-source';

/** A source over an `http(s):`, `blob:` or `data:` URL, read by range requests. */
export async function urlSource(url: URL, signal?: AbortSignal): Promise<ByteSource> {
  const name = url.href;
  if (url.protocol === 'blob:' || url.protocol === 'data:') {
    const response = await request(url, {}, signal);
    return blobSource(await response.blob(), url.protocol === 'data:' ? 'data: URL' : name);
  }
  const probe = await request(url, { range: 'bytes=0-0' }, signal);
  const size = Number(/^bytes 0-0\/(\d+)$/.exec(probe.headers.get('content-range') ?? '')?.[1] ?? Number.NaN);
  await probe.body?.cancel();
  if (probe.status !== 206 || !Number.isSafeInteger(size)) {
    throw new PretrainedError(
      'download',
      name,
      `${name}: the server does not answer range requests; download the file first.`,
    );
  }
  let closed = false;
  return {
    name,
    size,
    shared: false,
    async read(offset, length, readSignal) {
      if (closed) throw new CheckpointError('closed', `${name}: is closed.`, { source: name });
      assertRange(name, size, offset, length);
      if (length === 0) return new Uint8Array();
      const response = await request(url, { range: `bytes=${offset}-${offset + length - 1}` }, readSignal);
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (response.status !== 206 || bytes.length !== length) {
        throw new PretrainedError(
          'download',
          name,
          `${name}: expected ${length} bytes from ${offset}, got ${bytes.length} (status ${response.status}).`,
        );
      }
      return bytes;
    },
    async close() {
      closed = true;
    },
  };
}

async function request(url: URL, headers: Record<string, string>, signal: AbortSignal | undefined): Promise<Response> {
  try {
    const response = await fetch(url, { headers, ...(signal && { signal }) });
    if (response.ok) return response;
    throw new Error(`status ${response.status}`);
  } catch (error) {
    signal?.throwIfAborted();
    throw new PretrainedError('download', url.href, `${url.href}: ${(error as Error).message}.`, { cause: error });
  }
}
