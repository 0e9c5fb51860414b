import { InputError } from '@tesserae/core/data';

/** Content of an `http:`, `https:`, `data:` or `blob:` URL. @throws {InputError} `unreadable`. */
export async function fetchBytes(url: string, name: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
  try {
    const response = await fetch(url, signal ? { signal } : {});
    if (!response.ok) {
      throw new Error(`the server answered ${response.status}`);
    }
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    signal?.throwIfAborted();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InputError(name, 'a URL that can be read', reason, { code: 'unreadable', cause });
  }
}
