import { type AudioSignal, InputError } from '@tesserae/core/data';
import type { EncodedChunks } from '../encoded-chunks';
import { optionalPackage } from '../optional-package';
import { infoFrameBytes, infoFrameLength } from './info-frame';
import { mpegHeader } from './mpeg-header';

/** Hz that MP3 knows. */
const rates = [8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000] as const;
/** kbit/s of constant bit rates: up to 32 kHz, and above. */
const lowRates = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const highRates = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
/** Samples that LAME puts in front. */
const delay = 576;

/**
 * An MP3 file of blocks by LAME, at their own rate. Its first frame says what LAME put in front and behind, so that
 * decoders give back as many samples as came in.
 *
 * @param bitrate - bit/s over all channels; default: variable, LAME's quality 4.
 * @throws {InputError} More than two channels, a rate or bit rate that MP3 does not know, or no block at all.
 * @throws {UnsupportedError} The package wasm-media-encoders is not installed.
 */
export async function* mp3Chunks(blocks: AsyncIterable<AudioSignal>, bitrate: number | undefined): EncodedChunks {
  let encoder: Awaited<ReturnType<typeof mp3Encoder>> | undefined;
  for await (const { channels, sampleRate } of blocks) {
    encoder ??= await mp3Encoder(channels.length, sampleRate, bitrate);
    yield* encoder.push(channels);
  }
  if (!encoder) throw new InputError('audio', 'at least one block', 'none');
  yield* encoder.end();
  return [{ at: 0, bytes: encoder.info() }];
}

async function mp3Encoder(channels: number, sampleRate: number, bitrate: number | undefined) {
  checkArguments(channels, sampleRate, bitrate);
  const { createMp3Encoder } = await optionalPackage(
    'writing MP3',
    'wasm-media-encoders',
    () => import('wasm-media-encoders'),
  );
  const encoder = await createMp3Encoder();
  const rate = sampleRate as (typeof rates)[number];
  const base = { channels: channels as 1 | 2, sampleRate, outputSampleRate: rate };
  const kilobits = (bitrate === undefined ? undefined : bitrate / 1000) as Kilobits | undefined;
  encoder.configure(kilobits === undefined ? { ...base, vbrQuality: 4 } : { ...base, bitrate: kilobits });
  const counter = frameCounter();
  let samples = 0;
  let bytes = 0;
  let first: Uint8Array | undefined;

  function* given(encoded: Uint8Array): Generator<Uint8Array> {
    if (encoded.length === 0) return;
    const own = Uint8Array.from(encoded);
    if (!first) {
      first = own.slice(0, 4);
      // Its place is kept; what it says is known at the end.
      const room = new Uint8Array(infoFrameLength(first));
      bytes += room.length;
      yield infoFrameBytes(first, { frames: 0, bytes: 0, delay, padding: 0 });
    }
    counter.push(own);
    bytes += own.length;
    yield own;
  }

  return {
    *push(block: readonly Float32Array[]): Generator<Uint8Array> {
      samples += block[0]!.length;
      yield* given(encoder.encode(block));
    },
    *end(): Generator<Uint8Array> {
      yield* given(encoder.finalize());
    },
    info(): Uint8Array {
      if (!first) throw new InputError('audio', 'at least one sample in MP3', 'none', { code: 'unsupported-size' });
      const padding = Math.max(0, Math.min(4095, counter.frames * counter.samplesPerFrame - delay - samples));
      return infoFrameBytes(first, { frames: counter.frames, bytes, delay, padding });
    },
  };
}

type Kilobits = 8 | 16 | 24 | 32 | 40 | 48 | 64 | 80 | 96 | 112 | 128 | 160 | 192 | 224 | 256 | 320;

function checkArguments(channels: number, sampleRate: number, bitrate: number | undefined): void {
  if (channels > 2) throw new InputError('audio.channels', '1 or 2 channels in MP3', `${channels}`);
  if (!(rates as readonly number[]).includes(sampleRate)) {
    throw new InputError('audio.sampleRate', `${rates.join(', ')} Hz in MP3 (see resampleSignal)`, `${sampleRate}`);
  }
  const known = (sampleRate < 32_000 ? lowRates : highRates).map((kilobits) => kilobits * 1000);
  if (bitrate !== undefined && !known.includes(bitrate)) {
    throw new InputError('bitrate', `${known.join(', ')} at ${sampleRate} Hz`, String(bitrate));
  }
}

/** Counts frames of chunks of any sizes. */
function frameCounter() {
  let rest = new Uint8Array(0);
  let ahead = 0;
  const counter = { frames: 0, samplesPerFrame: 1152, push };
  function push(chunk: Uint8Array): void {
    const bytes = new Uint8Array(rest.length + chunk.length);
    bytes.set(rest);
    bytes.set(chunk, rest.length);
    let at = ahead;
    while (at + 4 <= bytes.length) {
      const header = mpegHeader(bytes, at);
      if (!header) throw new RangeError(`no frame at byte ${at} of what the encoder gave`);
      counter.frames += 1;
      counter.samplesPerFrame = header.samples;
      at += header.length;
    }
    rest = bytes.slice(Math.min(at, bytes.length));
    ahead = Math.max(0, at - bytes.length);
  }
  return counter;
}
