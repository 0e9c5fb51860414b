import { type AudioSignal, InputError } from '@tesserae/core/data';
import { loadOpusEncoder } from '#files';
import { type StreamResampler, streamResampler } from '../../dsp/resample';
import type { EncodedChunks } from '../encoded-chunks';
import { encodeSamples } from '../sample-format';
import { fitsOnPage, oggWriter } from './ogg-writer';
import { opusRate } from './opus-stream';

/** Samples of a packet: 20 ms. */
const frameSize = 960;
/** By which libopus is late at 48 kHz: 2.5 ms of its filter bank and 4 ms of look-ahead. */
const preSkip = 312;
/** Packets of a page: a second. */
const pagePackets = 50;
/** Streams of one file need different numbers; here is one. */
const serial = 1;

/**
 * An Ogg Opus file of blocks, resampled to 48 kHz as `torchaudio` does it. Its last page says how long the sound is.
 *
 * @param bitrate - bit/s over all channels; default 64000 a channel.
 * @throws {InputError} More than two channels, a bit rate outside 6000..256000 a channel, or no block at all.
 * @throws {UnsupportedError} The package opusscript is not installed; in browsers.
 */
export async function* opusChunks(blocks: AsyncIterable<AudioSignal>, bitrate: number | undefined): EncodedChunks {
  let encoder: Awaited<ReturnType<typeof opusEncoder>> | undefined;
  try {
    for await (const { channels, sampleRate } of blocks) {
      if (!encoder) {
        encoder = await opusEncoder(channels.length, sampleRate, bitrate);
        yield* encoder.headers();
      }
      yield* encoder.push(channels);
    }
    if (!encoder) throw new InputError('audio', 'at least one block', 'none');
    yield* encoder.end();
    return [];
  } finally {
    encoder?.free();
  }
}

async function opusEncoder(channels: number, sampleRate: number, bitrate = 64_000 * channels) {
  if (channels > 2) throw new InputError('audio.channels', '1 or 2 channels in Opus', `${channels}`);
  const [least, most] = [6000 * channels, 256_000 * channels];
  if (!(Number.isInteger(bitrate) && bitrate >= least && bitrate <= most)) {
    throw new InputError('bitrate', `a whole number in ${least}..${most}`, String(bitrate));
  }
  const OpusScript = await loadOpusEncoder();
  const encoder = new OpusScript(opusRate, channels);
  encoder.setBitrate(bitrate);
  const resamplers: StreamResampler[] = Array.from({ length: channels }, () => streamResampler(sampleRate, opusRate));
  const page = oggWriter(serial);
  let waiting = Array.from({ length: channels }, () => new Float32Array(0));
  let packets: Uint8Array[] = [];
  let samples = 0;
  let encoded = 0;

  function* encodeWhole(): Generator<Uint8Array> {
    const whole = Math.floor(waiting[0]!.length / frameSize) * frameSize;
    for (let at = 0; at < whole; at += frameSize) {
      const frame = encodeSamples(
        waiting.map((values) => values.subarray(at, at + frameSize)),
        'int16',
      );
      const packet = Uint8Array.from(encoder.encode(frame as Parameters<typeof encoder.encode>[0], frameSize));
      // A page is written when the next packet shows that it is not the last one.
      if (packets.length === pagePackets || !fitsOnPage([...packets, packet].map(({ length }) => length))) {
        yield page({ packets, granule: encoded });
        packets = [];
      }
      packets.push(packet);
      encoded += frameSize;
    }
    waiting = waiting.map((values) => values.slice(whole));
  }

  function append(more: readonly Float32Array[]): void {
    waiting = waiting.map((values, channel) => {
      const out = new Float32Array(values.length + more[channel]!.length);
      out.set(values);
      out.set(more[channel]!, values.length);
      return out;
    });
  }

  return {
    *headers(): Generator<Uint8Array> {
      yield page({ packets: [opusHead(channels, sampleRate)], granule: 0, isFirst: true });
      yield page({ packets: [opusTags()], granule: 0 });
    },
    *push(block: readonly Float32Array[]): Generator<Uint8Array> {
      const resampled = block.map((values, channel) => resamplers[channel]!.push(values));
      samples += resampled[0]!.length;
      append(resampled);
      yield* encodeWhole();
    },
    *end(): Generator<Uint8Array> {
      const rest = resamplers.map((resampler) => resampler.end());
      samples += rest[0]!.length;
      append(rest);
      const missing = Math.ceil((preSkip + samples) / frameSize) * frameSize - encoded - waiting[0]!.length;
      append(Array.from({ length: channels }, () => new Float32Array(missing)));
      yield* encodeWhole();
      yield page({ packets, granule: preSkip + samples, isLast: true });
    },
    free: () => encoder.delete(),
  };
}

function opusHead(channels: number, sampleRate: number): Uint8Array {
  const out = new Uint8Array(19);
  const view = new DataView(out.buffer);
  out.set(new TextEncoder().encode('OpusHead'));
  out[8] = 1;
  out[9] = channels;
  view.setUint16(10, preSkip, true);
  view.setUint32(12, sampleRate, true);
  return out;
}

function opusTags(): Uint8Array {
  const vendor = new TextEncoder().encode('Tesserae, libopus');
  const out = new Uint8Array(8 + 4 + vendor.length + 4);
  out.set(new TextEncoder().encode('OpusTags'));
  new DataView(out.buffer).setUint32(8, vendor.length, true);
  out.set(vendor, 12);
  return out;
}
