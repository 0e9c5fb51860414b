import { concatBytes } from '@tesserae/core';
import { type AudioSignal, InputError } from '@tesserae/core/data';
import { writeChunks } from '#files';
import { checkAudioSignal } from './check-audio';
import type { EncodedChunks } from './encoded-chunks';
import { flacChunks } from './flac/flac-encoder';
import { mp3Chunks } from './mp3/mp3-encoder';
import { opusChunks } from './ogg/opus-encoder';
import type { WrittenFormat } from './sample-format';
import { samplesOf, slice } from './trim-blocks';
import { wavChunks } from './wav-encoder';
import type { AudioByteSink, AudioFileFormat, EncodeAudioOptions } from './write-options';
import { sendChunks } from './write-stream';

/** Sound to be written: whole, or as blocks of one rate and one number of channels. */
export type WritableAudio = AudioSignal | AsyncIterable<AudioSignal>;

/** Samples that are encoded at a time. */
const largestBlock = 65_536;

const formats: readonly AudioFileFormat[] = ['wav', 'flac', 'opus', 'mp3'];
const endings: Readonly<Record<string, AudioFileFormat>> = {
  wav: 'wav',
  wave: 'wav',
  flac: 'flac',
  opus: 'opus',
  ogg: 'opus',
  mp3: 'mp3',
};

/**
 * Encodes sound as a file in memory.
 *
 * @throws {InputError} The sound or an option is not valid, or the format cannot hold it.
 * @throws {UnsupportedError} The encoder's package is not installed, named.
 */
export async function encodeAudio(audio: WritableAudio, options: EncodeAudioOptions = {}): Promise<Uint8Array> {
  const chunks = encodeChunks(audio, options);
  const parts: Uint8Array[] = [];
  for (;;) {
    const next = await chunks.next();
    if (!next.done) {
      parts.push(next.value);
      continue;
    }
    const file = concatBytes(parts);
    for (const { at, bytes } of next.value) file.set(bytes, at);
    return file;
  }
}

/**
 * Encodes sound into a file, which appears under its name only when complete, or into a stream as it comes.
 *
 * @param target - A path, a `file:` URL, a `WritableStream` of bytes or a stream of Node.
 * @throws {InputError} As {@link encodeAudio}; the file cannot be written (`unreadable`).
 * @throws {UnsupportedError} As {@link encodeAudio}; paths in browsers.
 */
export async function writeAudio(
  target: string | URL | AudioByteSink,
  audio: WritableAudio,
  options: EncodeAudioOptions = {},
): Promise<void> {
  if (typeof target !== 'string' && !(target instanceof URL)) {
    const whole = 'modality' in audio ? onlyChunk(await encodeAudio(audio, options)) : encodeChunks(audio, options);
    return sendChunks(target, whole);
  }
  const path = typeof target === 'string' && /^file:/i.test(target) ? new URL(target) : target;
  return writeChunks(path, encodeChunks(audio, { ...options, format: options.format ?? formatOf(String(path)) }));
}

async function* onlyChunk(bytes: Uint8Array): EncodedChunks {
  yield bytes;
  return [];
}

function encodeChunks(audio: WritableAudio, options: EncodeAudioOptions): EncodedChunks {
  const { format = 'wav', sampleFormat = 'int16', bitrate, signal } = options;
  if (!formats.includes(format)) throw new InputError('format', formats.join(', '), String(format));
  const blocks = checkedBlocks(audio, signal);
  switch (format) {
    case 'wav':
      return wavChunks(blocks, sampleFormat);
    case 'flac':
      return flacChunks(blocks, flacBits(sampleFormat));
    case 'opus':
      return opusChunks(blocks, bitrate);
    case 'mp3':
      return mp3Chunks(blocks, bitrate);
  }
}

function flacBits(sampleFormat: WrittenFormat): 16 | 24 {
  if (sampleFormat === 'int16') return 16;
  if (sampleFormat === 'int24') return 24;
  throw new InputError('sampleFormat', "'int16' or 'int24' in FLAC", `'${sampleFormat}'`);
}

/** @throws {InputError} A block is not valid, or of another rate or number of channels than the first. */
async function* checkedBlocks(audio: WritableAudio, signal: AbortSignal | undefined): AsyncGenerator<AudioSignal> {
  let first: AudioSignal | undefined;
  for await (const block of 'modality' in audio ? [audio] : audio) {
    signal?.throwIfAborted();
    checkAudioSignal(block, 'audio');
    first ??= block;
    if (block.sampleRate !== first.sampleRate || block.channels.length !== first.channels.length) {
      const facts = ({ channels, sampleRate }: AudioSignal) => `${channels.length} channel(s) at ${sampleRate} Hz`;
      throw new InputError('audio', `${facts(first)}, as the first block`, facts(block));
    }
    // Encoders hold a block in memory several times.
    for (let at = 0; at < samplesOf(block) || at === 0; at += largestBlock) {
      signal?.throwIfAborted();
      yield slice(block, at, Math.min(samplesOf(block), at + largestBlock));
    }
  }
}

function formatOf(path: string): AudioFileFormat {
  const ending = /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? 'wav';
  const format = endings[ending];
  if (format !== undefined) return format;
  const known = Object.keys(endings).join(', ');
  throw new InputError('target', `a file ending of ${known} (or the option format)`, JSON.stringify(path));
}
