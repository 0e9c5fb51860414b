import { type AudioSignal, InputError } from '@tesserae/core/data';
import { type AudioSourceInput, isByteStream, isFileInput, nameOf } from './audio-source';
import { checkAudioSignal } from './check-audio';
import type { ReadAudioOptions } from './read-options';
import { soundBlocks } from './sound-blocks';
import { samplesOf } from './trim-blocks';

/**
 * Reads sound. Files are told apart by content, never by name; samples come as `torchaudio.load` gives them, at the
 * rate and with the channels of the file, neither mixed nor made louder. What encoders put in front and behind is
 * trimmed exactly where the file says it.
 *
 * Read here: WAV, AIFF, AU, FLAC (also in Ogg), raw samples (`raw`). With optional packages: MP3 (`mpg123-decoder`), Ogg
 * Opus (`opus-decoder`), Ogg Vorbis (`@wasm-audio-decoders/ogg-vorbis`). In Node, everything else that ffmpeg reads
 * where it is installed.
 *
 * @returns Given signals are checked and passed on, not copied.
 * @throws {InputError} `unreadable`, `undecodable`, `too-large`, `not-finite`, `invalid-argument`.
 * @throws {UnsupportedError} A format or compression that is not read here, named.
 */
export async function readAudio(input: AudioSourceInput, options: ReadAudioOptions = {}): Promise<AudioSignal> {
  options.signal?.throwIfAborted();
  if (isFileInput(input) || isByteStream(input)) {
    const { maxBytes = defaultMaxBytes } = options;
    const name = isFileInput(input) ? nameOf(input) : 'input';
    return joined(soundBlocks(input, { ...options, maxBytes }), maxBytes, name);
  }
  if (typeof input !== 'object' || input === null || input.modality !== 'audio') {
    throw new InputError(
      'input',
      "a path, URL, Uint8Array or Blob with encoded sound, or an AudioSignal { modality: 'audio', sampleRate, channels } (samples alone have no rate)",
      typeof input === 'object' && input !== null ? input.constructor.name : String(input),
    );
  }
  checkAudioSignal(input, 'input');
  return input;
}

/**
 * Decodes the bytes of a file, as {@link readAudio} does.
 *
 * @throws {InputError} `undecodable`.
 * @throws {UnsupportedError} As {@link readAudio}.
 */
export function decodeAudio(bytes: Uint8Array, options: ReadAudioOptions = {}): Promise<AudioSignal> {
  return readAudio(bytes, options);
}

const defaultMaxBytes = 2 ** 31;

/** @throws {InputError} `too-large`: little compressed silence can be much sound. */
async function joined(blocks: AsyncIterable<AudioSignal>, maxBytes: number, name: string): Promise<AudioSignal> {
  const parts: AudioSignal[] = [];
  let samples = 0;
  for await (const block of blocks) {
    parts.push(block);
    samples += samplesOf(block);
    const bytes = samples * block.channels.length * Float32Array.BYTES_PER_ELEMENT;
    if (bytes > 2 * maxBytes) {
      throw new InputError(name, `sound of at most ${2 * maxBytes} bytes in memory (maxBytes)`, 'more', {
        code: 'too-large',
      });
    }
  }
  const first = parts[0]!;
  if (parts.length === 1) return first;
  const channels = first.channels.map((_, channel) => {
    const out = new Float32Array(samples);
    let at = 0;
    for (const part of parts) {
      out.set(part.channels[channel]!, at);
      at += samplesOf(part);
    }
    return out;
  });
  return { ...first, channels };
}
