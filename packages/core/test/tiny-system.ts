import type * as tf from '@tensorflow/tfjs-core';
import type { WeightMap } from '../src/checkpoint/weight-map';
import { modelFunction } from '../src/engine/engine';
import { ConfigError } from '../src/errors/config-error';
import { linear, type LinearParams } from '../src/nn/linear';
import { defineSystem } from '../src/pretrained/define-system';
import type { Preset } from '../src/pretrained/preset';
import type { System } from '../src/pretrained/system';
import { decodeVectors, encodeVectors } from '../src/quantize/vector';
import type { Json } from '../src/signal/signal';
import { tinyWeights } from '../src/test/tiny-weights';
import { feedForwardTokenizer } from '../src/tokenizer/feed-forward-tokenizer';
import type { Tokenizer } from '../src/tokenizer/tokenizer';

export interface TinyConfig {
  readonly width: number;
}

interface TinyParams {
  readonly encoder: LinearParams;
  readonly decoder: LinearParams;
  readonly codebook: tf.Tensor2D;
}

export type TinyTokenizer = Tokenizer<Float32Array, Float32Array>;

const codes = 8;
/** Pairs of numbers that a token list describes. */
export const pairs = 4;

export function tinyShapes({ width }: TinyConfig): Readonly<Record<string, readonly number[]>> {
  return {
    'encoder.fc.weight': [width, 2],
    'encoder.fc.bias': [width],
    'decoder.fc.weight': [2, width],
    'decoder.fc.bias': [2],
    'quantize.embedding.weight': [codes, width],
  };
}

/** Official tensors of the tiny system. */
export const tinyTensors = (config: TinyConfig, seed = 1) => tinyWeights(tinyShapes(config), seed);

function preset(width: number): Preset<TinyConfig> {
  return {
    config: { width },
    license: { name: 'MIT', use: 'any' },
    pipeline: 'none',
    paper: '0000.00000',
    source: { repository: `owner/tiny-${width}`, file: 'model.safetensors' },
  };
}

function parseConfig(json: Json): TinyConfig {
  const { width } = (json ?? {}) as { readonly width?: unknown };
  if (typeof width !== 'number') throw new ConfigError('tiny config.json: width', 'a number', typeof width);
  return { width };
}

/** A tokenizer of four pairs of numbers: two linear maps around a codebook, for tests of what lies around a model. */
export function tinySystem(id = 'test/tiny', widths: readonly number[] = [3, 5]): System<TinyConfig, TinyTokenizer> {
  return defineSystem<TinyConfig, TinyParams, TinyTokenizer>({
    id,
    library: '@tesserae/test@0.0.0',
    presets: Object.fromEntries(widths.map((width) => [`tiny-${width}`, preset(width)])),
    parseConfig,
    weights: (map: WeightMap, { width }) => ({
      encoder: map.at('encoder').linear('fc', 2, width),
      decoder: map.at('decoder').linear('fc', width, 2),
      codebook: map.codebook('quantize.embedding.weight', codes, width),
    }),
    functions: () => ({
      encode: modelFunction(
        ({ encoder, codebook }: TinyParams) => ({ encoder, codebook }),
        (p, { x }: { readonly x: tf.Tensor }) => ({ ...encodeVectors(linear(x, p.encoder), p.codebook) }),
      ),
      decode: modelFunction(
        ({ decoder, codebook }: TinyParams) => ({ decoder, codebook }),
        (p, { ids }: { readonly ids: tf.Tensor }) => ({
          x: linear(decodeVectors(ids, p.codebook), p.decoder),
        }),
      ),
    }),
    create: (model) =>
      feedForwardTokenizer<TinyConfig, Float32Array, Float32Array>(model, {
        info: {
          modality: 'text',
          kind: 'index',
          bitsPerToken: 3,
          prefixUnit: 'token',
          deterministic: true,
          levels: [{ vocabularySize: codes, shape: [pairs], axes: ['token'] }],
          signal: { numbers: 2 * pairs },
        },
        prepare: async (input) => ({
          inputs: { x: { shape: [1, pairs, 2], data: input } },
          source: { modality: 'text', characters: input.length, pipeline: 'none' },
        }),
        collect: ({ ids, margins }) => [
          {
            kind: 'index',
            vocabularySize: codes,
            shape: [pairs],
            axes: ['token'],
            data: Int32Array.from(ids!.data),
            margins: Float32Array.from(margins!.data),
          },
        ],
        restore: ({ levels }) => ({ ids: { shape: [1, levels[0]!.shape[0]!], data: levels[0]!.data as Int32Array } }),
        finish: ({ x }) => Float32Array.from(x!.data),
      }),
  });
}

/** Numbers that the tiny system takes. */
export function tinyInput(seed = 0): Float32Array {
  return Float32Array.from({ length: 2 * pairs }, (_, index) => Math.sin(index * 3.7 + seed));
}
