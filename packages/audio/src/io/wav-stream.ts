import type { AudioSignal } from '@tesserae/core/data';
import type { ByteReader } from './byte-reader';
import { takeHeld, undecodable } from './chunk-errors';
import { memoryReader } from './memory-reader';
import { pcmBlocks } from './pcm-blocks';
import { chunksFollow, isChunkName, text, unknownSize } from './riff-chunks';
import { wavFormat } from './wav-format';

/** How far is looked ahead to tell integers from floats, and empty sound from sound of unknown length. */
const lookAhead = 64 * 1024;

/**
 * A WAV file block by block: what `decodeWav` gives, from front to back. Samples in front of their format are held until
 * it comes.
 *
 * @throws {InputError} `undecodable`. @throws {UnsupportedError} Compressed samples inside.
 */
export async function* wavBlocks(reader: ByteReader): AsyncGenerator<AudioSignal> {
  const { name } = reader;
  const head = await reader.take(12);
  const littleEndian = text(head, 0) !== 'RIFX';
  let format: Uint8Array | undefined;
  let early: Uint8Array | undefined;
  let longData: number | undefined;
  for (;;) {
    const header = await reader.take(8);
    if (header.length < 8) break;
    const id = text(header, 0);
    const size = new DataView(header.buffer, header.byteOffset, 8).getUint32(4, littleEndian);
    if (id === 'data') {
      const bytes = await dataSize(reader, size, longData, littleEndian);
      if (format) {
        const start = await reader.peek(Math.min(lookAhead, bytes));
        yield* pcmBlocks(reader, formatOf(format, start, littleEndian, name), bytes);
        return;
      }
      early = await takeHeld(reader, id, bytes);
    } else if (id === 'fmt ') {
      format = await takeHeld(reader, id, size);
      if (early) {
        yield* pcmBlocks(memoryReader(early, name), formatOf(format, early, littleEndian, name));
        return;
      }
    } else if (id === 'ds64') {
      const sizes = await reader.take(size);
      const view = new DataView(sizes.buffer, sizes.byteOffset, sizes.length);
      if (sizes.length >= 16) longData = Number(view.getBigUint64(8, littleEndian));
    } else {
      await reader.skip(size);
    }
    await skipPadding(reader, size);
  }
  throw undecodable(name, 'a WAV file with the chunks fmt and data', `one without ${format ? 'data' : 'fmt'}`);
}

function formatOf(chunk: Uint8Array, data: Uint8Array, littleEndian: boolean, name: string) {
  return wavFormat(chunk, { id: 'fmt ', start: 0, end: chunk.length }, littleEndian, data, name);
}

/** Bytes of samples; infinite where only the end of the file tells. */
async function dataSize(
  reader: ByteReader,
  size: number,
  longSize: number | undefined,
  littleEndian: boolean,
): Promise<number> {
  if (longSize !== undefined && (size === unknownSize || size === 0)) return longSize;
  if (size === unknownSize) return Number.POSITIVE_INFINITY;
  if (size !== 0) return size;
  const rest = await reader.peek(lookAhead);
  const isWhole = rest.length < lookAhead;
  return rest.length === 0 || (isWhole && chunksFollow(rest, 0, littleEndian)) ? 0 : Number.POSITIVE_INFINITY;
}

/** The pad byte after an odd chunk, unless the writer forgot it. */
async function skipPadding(reader: ByteReader, size: number): Promise<void> {
  if (size % 2 === 0) return;
  const next = await reader.peek(9);
  if (isChunkName(next, 1) || !isChunkName(next, 0)) await reader.skip(1);
}
