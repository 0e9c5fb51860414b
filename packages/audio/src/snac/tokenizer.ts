import { feedForwardTokenizer, type HostTensor, type HostTensors, type Model, type Tokens } from '@tesserae/core';
import type { AudioInput, AudioSignal } from '@tesserae/core/data';
import { boundedBlockEncoder, boundedClipEncoder } from '../snake/bounded-encoder';
import { hopLength } from '../snake/config';
import { longClipDecoder } from '../snake/long-decoder';
import { decoderReach, encoderReach } from '../snake/reach';
import { boundedDecoder } from '../snake/stream-decoder';
import { audioLatents } from '../tokenizer/audio-latents';
import { audioRooms, type CodecFacts } from '../tokenizer/audio-rooms';
import type {
  AudioDecodeOptions,
  AudioLatents,
  AudioStreamDecoder,
  AudioStreamEncoder,
  AudioStreamOptions,
  AudioTokenizer,
} from '../tokenizer/audio-tokenizer';
import { type WindowFacts, windowPlan } from '../tokenizer/frame-windows';
import { withoutBatch } from '../tokenizer/host-audio';
import { streamEncoder } from '../tokenizer/stream-encoder';
import { type SnacConfig, unitFrames } from './config';
import { noiseInput } from './functions';
import { noiseAt } from './noise';
import { reachFacts } from './reach-facts';
import { levelsOfRows, rowsOfLevels } from './unit-codes';

export interface SnacDecodeOptions extends AudioDecodeOptions {
  /**
   * Seed of the noise that the decoder adds, 0 to 2 ** 32 - 1, or `none` for a decoder without it. The official code
   * draws other numbers every time. Default 0: the same sound every time.
   */
  readonly noise?: number | 'none';
}

export interface SnacTokenizer extends AudioTokenizer, AudioLatents, AudioStreamEncoder, AudioStreamDecoder {
  decode(tokens: Tokens, options?: SnacDecodeOptions): Promise<AudioSignal>;
  decodeBatch(tokens: readonly Tokens[], options?: SnacDecodeOptions): Promise<AudioSignal[]>;
  decodeStream(
    chunks: AsyncIterable<Tokens>,
    options?: Omit<SnacDecodeOptions, 'sampleRate'> & AudioStreamOptions & { readonly exact?: boolean },
  ): AsyncGenerator<AudioSignal>;
}

/** Of a window of a long clip. */
const longSeconds = 5;

/**
 * A level a rate, coarse to fine, `[codes]` each: every code of a level stands for `strides` of the finest frames.
 *
 * Encoder and decoder look only so far: `encodeStream` and `decodeStream` are exact, up to near-ties; chunks are whole
 * units, in which every level has a whole number of codes.
 */
export function snacTokenizer(model: Model<SnacConfig>): SnacTokenizer {
  const { config } = model;
  const { sampleRate, network, strides, codebookSize } = config;
  const hop = hopLength(network);
  const facts: CodecFacts = {
    sampleRate,
    channels: 1,
    hopLength: hop * strides.at(-1)!,
    codebookSize,
    codebooks: strides.length,
    prefixUnit: 'level',
  };
  const unitLength = hop * unitFrames(config);
  const rooms = audioRooms(facts);
  const collect = (outputs: HostTensors) => levelsOfRows(outputs, config);
  const codesOf = (tokens: Pick<Tokens, 'levels'>) => rowsOfLevels(tokens, config);
  const windows: WindowFacts = {
    sampleRate,
    hopLength: unitLength,
    ...encoderReach(network, reachFacts(config)),
  };
  /** Sound of units, of which the first one is the unit `from` of the clip. */
  const decode = async (ids: HostTensor, from: number, { noise = 0, signal }: SnacDecodeOptions) => {
    const run = signal ? { signal } : {};
    const draws = config.noise && noise !== 'none' ? noiseInputs(config, noise, from, ids.shape[2]!) : undefined;
    const { audio } = await model.run(draws ? 'decode' : 'decode-quiet', { ids, ...draws }, run);
    return audio!;
  };
  const step = windowPlan(windows, longSeconds).frames;
  const bounds = { sampleRate, hopLength: unitLength, ...decoderReach(network, reachFacts(config)) };
  const longClip = longClipDecoder<SnacDecodeOptions>(bounds, { decode }, step);
  const tokenizer = feedForwardTokenizer<SnacConfig, AudioInput, AudioSignal>(model, {
    ...rooms,
    capabilities: ['encodeStream', 'decodeStream', 'latents', 'codes'],
    runEncoder: boundedClipEncoder(model, windows, step),
    collect,
    restore: (tokens) => ({ ids: codesOf(tokens) }),
    async runDecoder({ ids }, options) {
      return { audio: await longClip(ids!, options) };
    },
  });
  return {
    ...tokenizer,
    latents: audioLatents(model, facts).latents,
    async codes(tokens) {
      const { codes } = await model.run('codes', { ids: codesOf(tokens) });
      return withoutBatch(codes!);
    },
    encodeStream: streamEncoder(model, {
      facts,
      hopLength: unitLength,
      encode: boundedBlockEncoder(model, windows),
      collect,
    }),
    decodeStream: boundedDecoder<Omit<SnacDecodeOptions, 'sampleRate'>>(tokenizer.info, bounds, { decode, codesOf }),
  };
}

/** Noise of every stage of the decoder, for units from one on. */
function noiseInputs(config: SnacConfig, seed: number, from: number, units: number): HostTensors {
  let steps = unitFrames(config);
  return Object.fromEntries(
    config.network.decoderRates.map((rate, stage) => {
      steps *= rate;
      return [noiseInput(stage), noiseAt(seed, stage, from * steps, units * steps)];
    }),
  );
}
