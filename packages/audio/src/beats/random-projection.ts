import {
  defineSystem,
  encodeOnlyTokenizer,
  type HostTensor,
  type HostTensors,
  type Model,
  type RunOptions,
  type System,
} from '@tesserae/core';
import type { AudioInput } from '@tesserae/core/data';
import { library } from '../library';
import type { AudioEncoder, AudioStreamEncoder } from '../tokenizer/audio-tokenizer';
import { type BeatsRandomConfig, inferRandomConfig, parseRandomConfig } from './random-config';
import { randomFunctions } from './random-functions';
import { drawBeatsRandomWeights, readRandomWeights } from './random-weights';
import { patchRooms } from './rooms';
import { streamPatches } from './stream-patches';

/** One level of ids, `[steps, bands]`. There is no `decode`; `encodeStream` is exact, since no patch looks at another. */
export interface BeatsRandomTokenizer extends AudioEncoder, AudioStreamEncoder {}

const system = defineSystem({
  id: 'audio/beats-random-projection',
  library,
  presets: {},
  parseConfig: (json) => parseRandomConfig(json),
  weights: readRandomWeights,
  functions: randomFunctions,
  inferConfig: inferRandomConfig,
  create(model: Model<BeatsRandomConfig>): BeatsRandomTokenizer {
    const tokenizer = encodeOnlyTokenizer<BeatsRandomConfig, AudioInput>(model, {
      ...patchRooms(model.config),
      capabilities: ['encodeStream'],
      runEncoder: ({ bank }, options) => encodeBlocks(model, bank!, options),
    });
    // Nobody licenses random numbers.
    const info = { ...tokenizer.info, license: { name: 'none', use: 'any' } } as const;
    return { ...tokenizer, info, encodeStream: streamPatches(model, model.config) };
  },
});

/** Steps at a time, for which memory stays bounded. */
const blockSteps = 256;

async function encodeBlocks(
  model: Model<BeatsRandomConfig>,
  { shape, data }: HostTensor,
  options: RunOptions,
): Promise<HostTensors> {
  const [, frames = 0, bins = 0] = shape;
  const size = blockSteps * model.config.patchSize;
  const parts: HostTensors[] = [];
  for (let start = 0; start < frames; start += size) {
    const end = Math.min(frames, start + size);
    const bank = { shape: [1, end - start, bins], data: data.subarray(start * bins, end * bins) };
    parts.push(await model.run('encode', { bank }, options));
  }
  const joined = (name: 'ids' | 'margins') => parts.flatMap((part) => [...part[name]!.data]);
  const [ids, margins] = [Int32Array.from(joined('ids')), Float32Array.from(joined('margins'))];
  return { ids: { shape: [1, ids.length], data: ids }, margins: { shape: [1, ids.length], data: margins } };
}

/**
 * BEATs' first tokenizer: patches of a spectrogram, projected at random, and the nearest of random codes. Nothing is
 * learned and nothing downloaded: `fromConfig` draws the numbers that `drawBeatsRandomWeights` writes to a file, and
 * `fromPretrained` opens such files, with the same ids and fingerprint.
 *
 * The numbers behind the published first iteration are not published: its labels cannot be had again.
 */
export const beatsRandomProjection: System<BeatsRandomConfig, BeatsRandomTokenizer> = Object.assign(system, {
  fromConfig: (async (config, { seed = 0, ...options } = {}) =>
    system.fromPretrained(drawBeatsRandomWeights(config, seed), options)) satisfies System<
    BeatsRandomConfig,
    BeatsRandomTokenizer
  >['fromConfig'],
});
