import { readAudio } from '@tesserae/audio';
import { type AudioSignal, InputError, TesseraeError } from '@tesserae/core/data';

/** The rate at which the browser decodes what the package does not read, Hz. */
const browserRate = 48_000;

/**
 * A sound file: by the package, so that the samples are those of the command, or by the browser where the package does
 * not know the format (AAC, WebM).
 *
 * @throws {InputError} `undecodable`: damaged, or no sound that either of them reads.
 */
export async function readSoundFile(file: File): Promise<AudioSignal> {
  try {
    return await readAudio(file);
  } catch (error) {
    if (!TesseraeError.isInstance(error) || error.code !== 'unsupported') throw error;
    return decodeInBrowser(file);
  }
}

async function decodeInBrowser(file: File): Promise<AudioSignal> {
  const context = new OfflineAudioContext(1, 1, browserRate);
  try {
    const decoded = await context.decodeAudioData(await file.arrayBuffer());
    const channels = Array.from({ length: decoded.numberOfChannels }, (_, index) => decoded.getChannelData(index));
    return { modality: 'audio', sampleRate: decoded.sampleRate, channels };
  } catch (cause) {
    const expected = 'sound that this browser plays, or WAV, FLAC, AIFF, AU, MP3 or Ogg';
    throw new InputError(file.name, expected, 'something else', { code: 'undecodable', cause });
  }
}
