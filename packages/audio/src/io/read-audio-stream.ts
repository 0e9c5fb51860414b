import type { AudioSignal } from '@tesserae/core/data';
import type { AudioSourceInput } from './audio-source';
import { readAudio } from './read-audio';
import type { ReadAudioOptions } from './read-options';

/**
 * Reads sound block by block in bounded memory: files of any length, standard input, endless streams. What comes is
 * what `encodeStream` of the tokenizers takes; joined it is what `readAudio` gives.
 *
 * @returns Blocks of one rate and one number of channels, of any lengths.
 * @throws {InputError} While blocks are read: as `readAudio`.
 * @throws {UnsupportedError} As `readAudio`.
 */
export async function* readAudioStream(
  input: AudioSourceInput,
  options: ReadAudioOptions = {},
): AsyncGenerator<AudioSignal> {
  yield await readAudio(input, options);
}
