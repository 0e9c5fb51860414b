import type { DecodeOptions, HostTensor, TokenizerInfo } from '@tesserae/core';
import type { AudioSignal, Tokens } from '@tesserae/core/data';
import type { AudioStreamOptions } from '../tokenizer/audio-tokenizer';
import { codeStream } from '../tokenizer/code-stream';
import { windowPlan } from '../tokenizer/frame-windows';
import { framesOf, joinFrames } from '../tokenizer/frames';
import { defaultWindowSeconds } from '../tokenizer/stream-encoder';

/** What decoding in windows needs to know. */
export interface BoundedDecoderFacts {
  /** Hz. */
  readonly sampleRate: number;
  /** Samples a frame. */
  readonly hopLength: number;
  /** Frames before and behind that the sound of a frame depends on. */
  readonly left: number;
  readonly right: number;
}

/** How one window is decoded. */
export interface BoundedDecoderParts<Options extends DecodeOptions> {
  /**
   * @param ids - `[rows, 1, frames]`.
   * @param from - Frame of the stream that the window begins with.
   * @returns `[1, frames * hop, 1]`, or a little less at the end.
   */
  readonly decode: (ids: HostTensor, from: number, options: Options) => Promise<HostTensor>;
  /** Levels as `[rows, 1, frames]`; default: one row a level. */
  readonly codesOf?: (tokens: Tokens) => HostTensor;
}

/**
 * `decodeStream` of a mono decoder that looks only so far: windows with context at both ends, which is thrown away;
 * joined they are what `decode` gives. Sound comes `right` frames after its tokens.
 */
export function boundedDecoder<Options extends DecodeOptions>(
  info: TokenizerInfo,
  facts: BoundedDecoderFacts,
  { decode: run, codesOf }: BoundedDecoderParts<Options>,
) {
  const { sampleRate, hopLength, left, right } = facts;
  return async function* decodeStream(
    chunks: AsyncIterable<Tokens>,
    options: Options & AudioStreamOptions & { readonly exact?: boolean } = {} as Options,
  ): AsyncGenerator<AudioSignal> {
    const { frames: step } = windowPlan(facts, options.windowSeconds ?? defaultWindowSeconds);
    const codes = codeStream(info, sampleRate, options, codesOf);
    /** Frames that were taken and are still needed: the context in front, then those without sound yet. */
    let held: HostTensor | undefined;
    let context = 0;
    let done = 0;
    let given = 0;
    const take = (count: number) => {
      if (count === 0) return;
      const next = codes.take(count);
      held = held ? joinFrames([held, next]) : next;
    };
    /** Sound of the frames behind the context; the last window has as much as the tokens stand for. */
    const decode = async (count: number, isLast: boolean): Promise<AudioSignal> => {
      const { data } = await run(held!, done - context, options);
      const samples = isLast ? codes.modelSamples() - given : count * hopLength;
      const sound = new Float32Array(Math.max(0, samples));
      const from = context * hopLength;
      sound.set((data as Float32Array).subarray(from, from + sound.length));
      given += sound.length;
      done += count;
      const kept = Math.min(context + count, left);
      held = framesOf(held!, context + count - kept, held!.shape[2]!);
      context = kept;
      return { modality: 'audio', sampleRate, channels: [sound] };
    };
    for await (const chunk of chunks) {
      codes.push(chunk);
      for (;;) {
        const waiting = held ? held.shape[2]! - context : 0;
        // One frame stays for the end: it may stand for less than a hop of sound.
        if (waiting + codes.frames <= step + right) break;
        take(step + right - waiting);
        yield await decode(step, false);
      }
    }
    take(codes.frames);
    if (held) yield await decode(held.shape[2]! - context, true);
  };
}
