import { type AudioSignal, UnsupportedError } from '@tesserae/core/data';
import type { ByteReader } from './byte-reader';
import { undecodable } from './chunk-errors';
import { pcmBlocks } from './pcm-blocks';
import { sampleFormatOf, type SampleLayout } from './sample-layout';

/** Encodings of the header, by number. */
const layouts: Readonly<Record<number, SampleLayout>> = {
  1: 'mu-law',
  2: 'int8',
  3: 'int16',
  4: 'int24',
  5: 'int32',
  6: 'float32',
  7: 'float64',
  27: 'a-law',
};

const unknownSize = 0xffff_ffff;

/**
 * A Sun or NeXT AU file block by block. Truncated files give what is there.
 *
 * @throws {InputError} `undecodable`. @throws {UnsupportedError} Compressed samples inside.
 */
export async function* auBlocks(reader: ByteReader): AsyncGenerator<AudioSignal> {
  const { name } = reader;
  const head = await reader.take(24);
  if (head.length < 24) throw undecodable(name, 'an AU header of 24 bytes', `${head.length} bytes`);
  const view = new DataView(head.buffer, head.byteOffset, 24);
  const [offset, size, encoding, sampleRate, channels] = [4, 8, 12, 16, 20].map((at) => view.getUint32(at)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const layout = layouts[encoding];
  if (layout === undefined) throw new UnsupportedError(`${name}: encoding ${encoding} in AU`, 'convert it to PCM.');
  if (offset < 24) throw undecodable(name, 'samples behind the header of 24 bytes', `samples at byte ${offset}`);
  if (sampleRate === 0) throw undecodable(name, 'a sampling rate above 0 Hz', '0 Hz');
  if (channels === 0 || channels > 0xffff) throw undecodable(name, '1 to 65535 channels', `${channels}`);
  await reader.skip(offset - 24);
  const format = { ...sampleFormatOf(layout, false), channels, sampleRate };
  yield* pcmBlocks(reader, format, size === unknownSize ? Number.POSITIVE_INFINITY : size);
}
