import type { AudioSignal } from '@tesserae/core/data';
import type { ByteReader } from './byte-reader';
import { takeHeld, undecodable } from './chunk-errors';
import { pcmBlocks } from './pcm-blocks';
import { text } from './riff-chunks';
import { wavFormat } from './wav-format';

/** Name (16 bytes, of which the first four are those of WAV) and size (8 bytes) of a chunk. */
const headerBytes = 24;
/** How far is looked ahead to tell integers from floats. */
const lookAhead = 64 * 1024;

/**
 * A Wave64 file block by block: chunks as in WAV with sizes of 64 bits, each beginning at a multiple of 8.
 *
 * @throws {InputError} `undecodable`. @throws {UnsupportedError} Compressed samples inside.
 */
export async function* wave64Blocks(reader: ByteReader): AsyncGenerator<AudioSignal> {
  const { name } = reader;
  await reader.skip(headerBytes + 16);
  let format: Uint8Array | undefined;
  for (;;) {
    const header = await reader.take(headerBytes);
    if (header.length < headerBytes) break;
    const id = text(header, 0);
    const whole = Number(new DataView(header.buffer, header.byteOffset, headerBytes).getBigUint64(16, true));
    const size = Math.max(0, whole - headerBytes);
    if (id === 'data' && format) {
      const start = await reader.peek(Math.min(lookAhead, size));
      const facts = wavFormat(format, { id, start: 0, end: format.length }, true, start, name);
      yield* pcmBlocks(reader, facts, size);
      return;
    }
    if (id === 'fmt ') {
      format = await takeHeld(reader, id, size);
    } else {
      await reader.skip(size);
    }
    await reader.skip((8 - (whole % 8)) % 8);
  }
  throw undecodable(
    name,
    'a Wave64 file with the chunks fmt and data',
    `one without ${format ? 'data' : 'fmt before it'}`,
  );
}
