import { openByteSource } from '@tesserae/core';
import { type AudioSignal, InputError, TesseraeError, UnsupportedError } from '@tesserae/core/data';
import { audioFormat, formatNames } from './audio-format';
import { type AudioSourceInput, isByteStream, isFileInput, nameOf, withUrl } from './audio-source';
import { checkAudioSignal } from './check-audio';
import type { ReadAudioOptions } from './read-options';
import { decodeWav } from './wav';

/**
 * Reads sound. Files are told apart by content, never by name; samples come as `torchaudio.load` gives them, at the
 * rate and with the channels of the file, neither mixed nor made louder.
 *
 * @returns Given signals are checked and passed on, not copied.
 * @throws {InputError} `unreadable`, `undecodable`, `too-large`, `not-finite`, `invalid-argument`.
 * @throws {UnsupportedError} A format or compression that is not read here, named.
 */
export async function readAudio(input: AudioSourceInput, options: ReadAudioOptions = {}): Promise<AudioSignal> {
  options.signal?.throwIfAborted();
  if (isFileInput(input)) {
    const name = nameOf(input);
    return decodeAudio(await readAll(input, name, options), { ...options, name });
  }
  if (isByteStream(input) || typeof input !== 'object' || input === null || input.modality !== 'audio') {
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
 * Decodes the bytes of a file.
 *
 * @param options - `name`: for messages, default `input`.
 * @throws {InputError} `undecodable`.
 * @throws {UnsupportedError} As {@link readAudio}.
 */
export async function decodeAudio(
  bytes: Uint8Array,
  { name = 'input' }: ReadAudioOptions & { readonly name?: string } = {},
): Promise<AudioSignal> {
  const format = audioFormat(bytes);
  if (format === undefined) {
    const found = bytes.length === 0 ? 'an empty file' : 'bytes of no known format';
    throw new InputError(name, 'a sound file', found, { code: 'undecodable' });
  }
  if (format === 'wav') return decodeWav(bytes, name);
  throw new UnsupportedError(`${name}: ${formatNames[format]}`, 'this format is not read; convert the file to WAV.');
}

const defaultMaxBytes = 2 ** 31;

async function readAll(
  input: Parameters<typeof withUrl>[0],
  name: string,
  options: ReadAudioOptions,
): Promise<Uint8Array> {
  const { signal, maxBytes = defaultMaxBytes } = options;
  const source = await openByteSource(withUrl(input), { name, ...(signal && { signal }) });
  try {
    if (source.size > maxBytes) {
      throw new InputError(name, `a file of at most ${maxBytes} bytes`, `${source.size}`, { code: 'too-large' });
    }
    return await source.read(0, source.size, signal);
  } catch (cause) {
    signal?.throwIfAborted();
    if (TesseraeError.isInstance(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InputError(name, 'a file that can be read', reason, { code: 'unreadable', cause });
  } finally {
    await source.close();
  }
}
