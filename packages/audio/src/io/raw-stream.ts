import { type AudioSignal, InputError } from '@tesserae/core/data';
import type { ByteReader } from './byte-reader';
import { pcmBlocks } from './pcm-blocks';
import type { RawAudioFormat } from './read-options';
import { sampleFormatOf, sampleLayouts } from './sample-layout';

/**
 * Samples without a header.
 *
 * @throws {InputError} The format is not valid.
 */
export async function* rawBlocks(reader: ByteReader, raw: RawAudioFormat): AsyncGenerator<AudioSignal> {
  const { sampleRate, channels = 1, sampleFormat = 'int16', bigEndian = false } = raw;
  checkCount('raw.sampleRate', sampleRate, 10_000_000);
  checkCount('raw.channels', channels, 0xffff);
  if (!sampleLayouts.includes(sampleFormat)) {
    throw new InputError('raw.sampleFormat', sampleLayouts.join(', '), String(sampleFormat));
  }
  yield* pcmBlocks(reader, { ...sampleFormatOf(sampleFormat, !bigEndian), channels, sampleRate });
}

function checkCount(name: string, value: unknown, largest: number): void {
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= largest) return;
  throw new InputError(name, `a whole number in 1..${largest}`, String(value));
}
