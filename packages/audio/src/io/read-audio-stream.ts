import type { AudioSignal } from '@tesserae/core/data';
import { type AudioSourceInput, isByteStream, isFileInput } from './audio-source';
import { readAudio } from './read-audio';
import type { ReadAudioOptions } from './read-options';
import { soundBlocks } from './sound-blocks';

/**
 * Reads sound block by block in bounded memory: files of any length, standard input, endless streams. What comes is
 * what `encodeStream` of the tokenizers takes; joined it is what `readAudio` gives. The first blocks come before the
 * input ends.
 *
 * @returns Blocks of one rate and one number of channels, of any lengths.
 * @throws {InputError} While blocks are read: as `readAudio`.
 * @throws {UnsupportedError} While blocks are read: as `readAudio`.
 */
export async function* readAudioStream(
  input: AudioSourceInput,
  options: ReadAudioOptions = {},
): AsyncGenerator<AudioSignal> {
  options.signal?.throwIfAborted();
  if (isFileInput(input) || isByteStream(input)) yield* soundBlocks(input, options);
  else yield await readAudio(input, options);
}
