import { type AudioSignal, UnsupportedError } from '@tesserae/core/data';
import { aiffBlocks } from './aiff-stream';
import { auBlocks } from './au-stream';
import { type AudioFormat, audioFormat, formatNames } from './audio-format';
import type { ByteReader } from './byte-reader';
import { undecodable } from './chunk-errors';
import { flacBlocks } from './flac/flac-stream';
import type { Gapless } from './mp3/gapless';
import { skipId3 } from './mp3/id3';
import { mp3Blocks } from './mp3/mp3-stream';
import { oggFlacBlocks } from './ogg/ogg-flac-stream';
import { opusBlocks } from './ogg/opus-stream';
import { vorbisBlocks } from './ogg/vorbis-stream';
import { rawBlocks } from './raw-stream';
import type { RawAudioFormat } from './read-options';
import { wavBlocks } from './wav-stream';
import { wave64Blocks } from './wave64-stream';

type BlockDecoder = (reader: ByteReader, gapless: Gapless | undefined) => AsyncGenerator<AudioSignal>;

const decoders: Partial<Readonly<Record<AudioFormat, BlockDecoder>>> = {
  wav: wavBlocks,
  wave64: wave64Blocks,
  aiff: aiffBlocks,
  au: auBlocks,
  flac: flacBlocks,
  'ogg-flac': oggFlacBlocks,
  'ogg-opus': opusBlocks,
  'ogg-vorbis': vorbisBlocks,
  mp3: mp3Blocks,
};

/** Enough to know every format by. */
const sniffedBytes = 4096;

/** A file of no known format: not read here, perhaps elsewhere. */
export class UnknownFormat extends UnsupportedError {}

/**
 * Sound of a reader block by block, by content.
 *
 * @throws {InputError} `undecodable`. @throws {UnsupportedError} A format that is not read here, or {@link UnknownFormat}.
 */
export async function* decodeBlocks(reader: ByteReader, raw?: RawAudioFormat): AsyncGenerator<AudioSignal> {
  if (raw) {
    yield* rawBlocks(reader, raw);
    return;
  }
  const gapless = await skipId3(reader);
  const start = await reader.peek(sniffedBytes);
  if (start.length === 0) throw undecodable(reader.name, 'a sound file', 'an empty file');
  const format = audioFormat(start);
  if (format === undefined) throw new UnknownFormat(reader.name, 'bytes of no known format.');
  const decode = decoders[format];
  if (!decode) throw new UnsupportedError(`${reader.name}: ${formatNames[format]}`, 'this format is not read here.');
  yield* decode(reader, gapless);
}
