import type { AudioInput, DecodeOptions, Tokenizer } from '@tesserae/core';
import { type AudioSignal, type TokenLevel, Tokens } from '@tesserae/core/data';
import { resampledLength } from '../dsp/resample';
import type { AudioStreamDecoder } from './audio-tokenizer';
import { audioSource } from './finish-audio';

export interface CrossFadePlan {
  /** Hz, and samples a frame. */
  readonly sampleRate: number;
  readonly hopLength: number;
  /** Of a window, of what is decoded and thrown away at each of its ends, and of the overlap; all in seconds. */
  readonly seconds: number;
  readonly context: number;
  readonly fade: number;
}

type Decoder = Pick<Tokenizer<AudioInput, AudioSignal>, 'decode'>;

/**
 * `decodeStream` of a mono codec of one level whose decoder looks at the whole clip.
 *
 * `exact` (default) collects all tokens and decodes them at the end. Otherwise windows are decoded by themselves and
 * joined by linear cross-fades (`windowSeconds` is not asked, their length is part of the approximation): an approximation of constant memory, equal to `decode` for clips of one window.
 */
export function crossFadingDecoder(tokenizer: Decoder, plan: CrossFadePlan): AudioStreamDecoder['decodeStream'] {
  return async function* decodeStream(chunks, options = {}) {
    const { exact = true, windowSeconds: _, ...rest } = options;
    if (!exact) {
      yield* decodeWindows(tokenizer, plan, chunks, rest);
      return;
    }
    const all: Tokens[] = [];
    for await (const chunk of chunks) all.push(chunk);
    if (all.length > 0) yield await tokenizer.decode(Tokens.join(all), rest);
  };
}

async function* decodeWindows(
  tokenizer: Decoder,
  { sampleRate, hopLength, seconds, context, fade }: CrossFadePlan,
  chunks: AsyncIterable<Tokens>,
  options: DecodeOptions,
): AsyncGenerator<AudioSignal> {
  const framesOf = (length: number) => Math.max(1, Math.round((length * sampleRate) / hopLength));
  const [window, edge, overlap] = [framesOf(seconds), framesOf(context), framesOf(fade)];
  const step = window - 2 * edge - overlap;
  /** Tokens from frame `start` on, and sound that waits to be blended with the next window. */
  let kept: Tokens | undefined;
  let rate = sampleRate;
  let start = 0;
  let tail: Float32Array | undefined;
  /** Samples of the source, and samples that were given. */
  let heard = 0;
  let given = 0;

  const decode = async (frames: number): Promise<Float32Array> => {
    const whole = { sampleRate, samples: frames * hopLength };
    const { channels } = await tokenizer.decode(cutFrames(kept!, 0, frames, whole), options);
    return blended(tail, channels[0]!.subarray(start === 0 ? 0 : edge * hopLength));
  };
  const signalOf = (samples: Float32Array): AudioSignal => ({ modality: 'audio', sampleRate, channels: [samples] });
  for await (const chunk of chunks) {
    const source = audioSource(chunk);
    rate = source.sampleRate;
    heard += source.samples;
    kept = kept ? Tokens.join([kept, chunk]) : chunk;
    // What is left for the last window is more than its edge and the fade into it.
    while (kept.length >= window + edge + overlap) {
      const sound = await decode(window);
      const ready = sound.length - (edge + overlap) * hopLength;
      tail = sound.slice(ready, ready + overlap * hopLength);
      given += ready;
      yield signalOf(sound.slice(0, ready));
      start += step;
      kept = cutFrames(kept, step, kept.length, source);
    }
  }
  if (!kept) return;
  const sound = await decode(kept.length);
  const total = resampledLength(heard, rate, sampleRate);
  yield signalOf(sound.slice(0, Math.max(0, total - given)));
}

/** The first samples blended with those that waited: the weights go linearly from one to the other. */
function blended(tail: Float32Array | undefined, samples: Float32Array): Float32Array {
  if (!tail) return samples;
  const out = samples.slice();
  tail.forEach((value, index) => {
    const weight = (index + 1) / (tail.length + 1);
    out[index] = value * (1 - weight) + samples[index]! * weight;
  });
  return out;
}

/** Frames `from` to `to` of tokens of one level, standing for other samples. */
function cutFrames(
  tokens: Tokens,
  from: number,
  to: number,
  { sampleRate, samples }: { readonly sampleRate: number; readonly samples: number },
): Tokens {
  const { tokenizer, prefixUnit, levels } = tokens;
  return new Tokens({
    tokenizer,
    prefixUnit,
    levels: levels.map((level) => ({ ...level, shape: [to - from], data: level.data.slice(from, to) }) as TokenLevel),
    source: { ...audioSource(tokens), sampleRate, samples },
  });
}
