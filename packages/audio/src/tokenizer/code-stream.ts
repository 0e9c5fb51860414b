import { assertOwnTokens, type DecodeOptions, type HostTensor, type TokenizerInfo } from '@tesserae/core';
import { type Tokens, TokensError } from '@tesserae/core/data';
import { resampledLength } from '../dsp/resample';
import { codesOfLevels } from './code-levels';
import { audioSource } from './finish-audio';
import { framesOf, joinFrames } from './frames';

/** Codes of a stream of tokens, taken out in windows of any size. */
export interface CodeStream {
  /** Frames that are there. */
  readonly frames: number;
  /** Scales that are there. */
  readonly scales: number[];
  /** Samples, at the rate of the model, that the tokens so far stand for. */
  modelSamples(): number;
  /** @throws {TokensError} Tokens of another tokenizer or of another source. */
  push(chunk: Tokens): void;
  /** The next frames, `[codebooks, 1, frames]`. */
  take(frames: number): HostTensor;
}

/**
 * @param sampleRate - Of the model.
 * @param options - `prefix`: the first levels only.
 * @param codesOf - Levels as `[codebooks, 1, frames]`; another one where levels have several rates.
 */
export function codeStream(
  info: TokenizerInfo,
  sampleRate: number,
  options: DecodeOptions,
  codesOf: (tokens: Tokens) => HostTensor = codesOfLevels,
): CodeStream {
  let kept: HostTensor[] = [];
  let frames = 0;
  let samples = 0;
  let rate: number | undefined;
  const scales: number[] = [];
  return {
    get frames() {
      return frames;
    },
    scales,
    modelSamples: () => (rate === undefined ? 0 : resampledLength(samples, rate, sampleRate)),
    push(given) {
      options.signal?.throwIfAborted();
      assertOwnTokens(given, info, options);
      const chunk = options.prefix === undefined ? given : given.prefix(options.prefix);
      const source = audioSource(chunk);
      rate ??= source.sampleRate;
      if (source.sampleRate !== rate) {
        throw new TokensError('invalid-tokens', `source.sampleRate: expected ${rate}, got ${source.sampleRate}.`);
      }
      samples += source.samples;
      scales.push(...(source.scales ?? []));
      const ids = codesOf(chunk);
      if (kept[0] && kept[0].shape[0] !== ids.shape[0]) {
        throw new TokensError('invalid-tokens', `expected ${kept[0].shape[0]} levels, got ${ids.shape[0]}.`);
      }
      kept.push(ids);
      frames += ids.shape[2]!;
    },
    take(count) {
      const all = kept.length === 1 ? kept[0]! : joinFrames(kept);
      kept = count < frames ? [framesOf(all, count, frames)] : [];
      frames -= count;
      return framesOf(all, 0, count);
    },
  };
}
