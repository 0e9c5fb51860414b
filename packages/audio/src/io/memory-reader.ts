import { byteReader, type ByteReader } from './byte-reader';

/** A reader over bytes in memory; nothing is copied. */
export function memoryReader(bytes: Uint8Array, name: string, signal?: AbortSignal): ByteReader {
  return byteReader(once(bytes), name, signal);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
