import type { AudioSignal } from '@tesserae/core/data';
import type { ByteReader } from './byte-reader';
import { decodeSamples, type SampleFormat } from './sample-format';

/** Interleaved samples of a file. */
export interface PcmFormat extends SampleFormat {
  readonly channels: number;
  /** Hz. */
  readonly sampleRate: number;
}

const blockBytes = 256 * 1024;

/**
 * Samples of a reader as they come, up to `bytes` of them or the end; an incomplete frame at the end is left out. Where
 * there are none, one block of no samples says rate and channels.
 */
export async function* pcmBlocks(
  reader: ByteReader,
  format: PcmFormat,
  bytes = Number.POSITIVE_INFINITY,
): AsyncGenerator<AudioSignal> {
  const { channels, sampleRate } = format;
  const stride = format.bytes * channels;
  const blockOf = (data: Uint8Array): AudioSignal => ({
    modality: 'audio',
    sampleRate,
    channels: decodeSamples(data, format, channels),
  });
  const most = Math.max(1, Math.floor(blockBytes / stride)) * stride;
  let left = Math.floor(bytes / stride) * stride;
  let isEmpty = true;
  while (left > 0) {
    const data = await reader.takeWhole(stride, Math.min(most, left));
    if (data.length === 0) break;
    left -= data.length;
    isEmpty = false;
    yield blockOf(data);
  }
  if (isEmpty) yield blockOf(new Uint8Array(0));
}
