import type { FileInput } from '@tesserae/core/data';
import { localPath, temporaryFile } from '#files';
import { type AudioByteStream, isByteStream, nameOf } from './audio-source';
import { byteReader, type ByteReader } from './byte-reader';
import { chunksOf, openReader } from './open-reader';
import type { ReadAudioOptions } from './read-options';

/** Where sound comes from, opened so that a second decoder can begin anew. */
export interface SoundInput {
  readonly name: string;
  readonly reader: ByteReader;
  /** The beginning is not needed any more. */
  settle(): void;
  /** From the beginning again: a path, or bytes where there is none. The reader above is not used any more. */
  again(): Promise<{ readonly source: string | AsyncIterable<Uint8Array>; close(): Promise<void> }>;
}

type OpenOptions = Pick<ReadAudioOptions, 'signal' | 'maxBytes'>;

/** @throws {InputError} As `openReader`. */
export async function openSound(input: FileInput | AudioByteStream, options: OpenOptions): Promise<SoundInput> {
  if (isByteStream(input)) return openStream(input, options);
  const reader = await openReader(input, options);
  return {
    name: nameOf(input),
    reader,
    settle() {},
    async again() {
      await reader.close();
      const path = typeof input === 'string' || input instanceof URL ? localPath(input) : undefined;
      if (path !== undefined) return { source: path, close: async () => {} };
      const second = await openReader(input, options);
      // Some formats are read from the end: bytes that are all there become a file.
      const file = await temporaryFile(chunksOf(second));
      if (!file) return { source: chunksOf(second), close: () => second.close() };
      await second.close();
      return { source: file.path, close: () => file.remove() };
    },
  };
}

/** What was read of a stream is kept until a decoder has taken to it. */
async function openStream(input: AudioByteStream, options: OpenOptions): Promise<SoundInput> {
  const upstream = await openReader(input, options);
  const chunks = chunksOf(upstream);
  let kept: Uint8Array[] | undefined = [];
  async function* remembered(): AsyncGenerator<Uint8Array> {
    for await (const chunk of { [Symbol.asyncIterator]: () => unclosed(chunks) }) {
      kept?.push(chunk);
      yield chunk;
    }
  }
  const inner = byteReader(remembered(), upstream.name, options.signal);
  const close = async () => {
    await inner.close();
    await upstream.close();
  };
  return {
    name: upstream.name,
    reader: {
      ...inner,
      get position() {
        return inner.position;
      },
      close,
    },
    settle: () => (kept = undefined),
    async again() {
      const start = kept ?? [];
      async function* replayed(): AsyncGenerator<Uint8Array> {
        yield* start;
        yield* chunks;
      }
      return { source: replayed(), close };
    },
  };
}

/** An iterator that leaves its source open when it is left early. */
function unclosed(chunks: AsyncGenerator<Uint8Array>): AsyncIterator<Uint8Array> {
  return { next: () => chunks.next() };
}
