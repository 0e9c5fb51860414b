import { type AudioSignal, InputError, type FileInput, UnsupportedError } from '@tesserae/core/data';
import { ffmpegChunks } from '#files';
import type { AudioByteStream } from './audio-source';
import { byteReader } from './byte-reader';
import { undecodable } from './chunk-errors';
import { decodeBlocks, UnknownFormat } from './decode-blocks';
import type { ReadAudioOptions } from './read-options';
import { openSound, type SoundInput } from './sound-input';
import { samplesOf } from './trim-blocks';
import { wavBlocks } from './wav-stream';

/**
 * Sound of a file or of bytes that arrive, block by block: decoded here, or by ffmpeg where that cannot be and the
 * program is installed. No empty blocks, but one where there is no sound at all.
 *
 * @throws {InputError} While blocks are read. @throws {UnsupportedError} While blocks are read.
 */
export async function* soundBlocks(
  input: FileInput | AudioByteStream,
  options: ReadAudioOptions,
): AsyncGenerator<AudioSignal> {
  const sound = await openSound(input, options);
  try {
    yield* withoutEmpty(ownOrFfmpeg(sound, options), sound.name);
  } finally {
    await sound.reader.close();
  }
}

async function* ownOrFfmpeg(sound: SoundInput, options: ReadAudioOptions): AsyncGenerator<AudioSignal> {
  const blocks = decodeBlocks(sound.reader, options.raw);
  let next: IteratorResult<AudioSignal>;
  try {
    next = await blocks.next();
  } catch (error) {
    if (!(error instanceof UnsupportedError)) throw error;
    yield* byFfmpeg(sound, options, error);
    return;
  }
  sound.settle();
  if (next.done) return;
  yield next.value;
  yield* blocks;
}

async function* byFfmpeg(
  sound: SoundInput,
  { ffmpeg = true, signal }: ReadAudioOptions,
  refusal: UnsupportedError,
): AsyncGenerator<AudioSignal> {
  if (ffmpeg === false) throw plainRefusal(refusal, '');
  const { source, close } = await sound.again();
  const command = ffmpeg === true ? 'ffmpeg' : ffmpeg;
  try {
    const chunks = ffmpegChunks(source, { command, name: sound.name, ...(signal && { signal }) });
    const reader = byteReader(chunks, sound.name, signal);
    try {
      await reader.peek(1);
    } catch (error) {
      if (error instanceof UnsupportedError) throw plainRefusal(refusal, command);
      throw error;
    }
    try {
      yield* wavBlocks(reader);
    } finally {
      await reader.close();
    }
  } finally {
    await close();
  }
}

/** What is said where ffmpeg does not help either. */
function plainRefusal(refusal: UnsupportedError, command: string): Error {
  if (refusal instanceof UnknownFormat) {
    return undecodable(refusal.feature, 'a sound file', 'bytes of no known format');
  }
  if (command === '') return refusal;
  const { feature, message } = refusal;
  const reason = message.slice(feature.length + 2);
  return new UnsupportedError(feature, `${reason} Or install ffmpeg ('${command}' was not found).`, { cause: refusal });
}

async function* withoutEmpty(blocks: AsyncIterable<AudioSignal>, name: string): AsyncGenerator<AudioSignal> {
  let first: AudioSignal | undefined;
  let hasSound = false;
  for await (const block of blocks) {
    first ??= block;
    if (block.sampleRate !== first.sampleRate || block.channels.length !== first.channels.length) {
      const facts = ({ sampleRate, channels }: AudioSignal) => `${channels.length} channel(s) at ${sampleRate} Hz`;
      throw new InputError(name, `${facts(first)} throughout`, facts(block), { code: 'undecodable' });
    }
    if (samplesOf(block) === 0) continue;
    hasSound = true;
    yield block;
  }
  if (first && !hasSound) yield first;
}
