import type { EncodedChunks } from './encoded-chunks';
import type { AudioByteSink, NodeByteSink } from './write-options';

/** Sends chunks as they come and waits until each one is taken. The target is not closed. */
export async function sendChunks(target: AudioByteSink, chunks: EncodedChunks): Promise<void> {
  if ('getWriter' in target) {
    const writer = target.getWriter();
    try {
      for await (const chunk of chunks) await writer.write(chunk);
    } finally {
      writer.releaseLock();
    }
    return;
  }
  for await (const chunk of chunks) await written(target, chunk);
}

function written(target: NodeByteSink, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    target.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
}
