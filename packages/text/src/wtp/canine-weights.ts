import type * as tf from '@tensorflow/tfjs-core';
import type { Host, WeightMap } from '@tesserae/core';
import type { Conv1dParams, LinearParams, NormParams } from '@tesserae/core/nn';
import { type BertLayerParams, readBertLayers } from '../bert/weights';
import type { WtpCanineConfig } from './canine-config';
import { type CharacterTables, readCharacterTables } from './weights';

/** Adapters behind a layer, one a row for each language. */
export interface AdapterParams {
  /** `[languages, width · adapterWidth]`: also the map back, read as `[adapterWidth, width]`. */
  readonly down: tf.Tensor2D;
  /** `[languages, adapterWidth]`. */
  readonly downBias: tf.Tensor2D;
  /** `[languages, width]`. */
  readonly upBias: tf.Tensor2D;
}

export interface CanineLayerParams {
  readonly layer: BertLayerParams;
  readonly adapter?: AdapterParams;
}

interface ProjectionParams {
  readonly conv: Conv1dParams;
  readonly norm: NormParams;
}

export interface WtpCanineParams {
  readonly characters: CharacterTables;
  readonly initial: readonly CanineLayerParams[];
  readonly toMolecules: ProjectionParams;
  readonly deep: readonly CanineLayerParams[];
  readonly toCharacters: ProjectionParams;
  readonly final: readonly CanineLayerParams[];
  readonly classifier: LinearParams;
}

export function readCanineWeights(map: WeightMap, config: WtpCanineConfig): Host<WtpCanineParams> {
  const { width, rate, upsamplingKernel } = config;
  const canine = map.at('canine');
  map.ignore('canine.pooler', 'canine.char_embeddings.position_ids', /^canine\..*\.attention\.self\.bias$/);
  // The official code maps back with the weights of the way down, so that these are never used.
  if (config.adapter !== 'off') map.ignore(/^canine\..*\.lang_ff_up_weights\.weight$/);
  const projection = (key: string, inputs: number, kernel: number) => ({
    conv: canine.conv1d(`${key}.conv`, inputs, width, kernel),
    norm: canine.norm(`${key}.LayerNorm`, width),
  });
  return {
    characters: readCharacterTables(canine.at('char_embeddings'), config),
    initial: readCanineLayers(canine.at('initial_char_encoder'), config, 1),
    toMolecules: projection('chars_to_molecules', width, rate),
    deep: readCanineLayers(canine.at('encoder'), config, config.layers),
    toCharacters: projection('projection', 2 * width, upsamplingKernel),
    final: readCanineLayers(canine.at('final_char_encoder'), config, 1),
    classifier: map.linear('classifier', width, config.labels),
  };
}

function readCanineLayers(map: WeightMap, config: WtpCanineConfig, layers: number): readonly Host<CanineLayerParams>[] {
  const { width, languages, adapterWidth } = config;
  const adapters = map.list(
    layers,
    (index) => `layer.${index}.output`,
    (output) => {
      const table = (name: string, columns: number) =>
        output.tensor(`lang_ff_${name}.weight`, [languages, columns], { role: 'embedding' });
      if (config.adapter === 'off') return {};
      return {
        adapter: {
          down: table('down_weights', width * adapterWidth),
          downBias: table('down_biases', adapterWidth),
          upBias: table('up_biases', width),
        },
      };
    },
  );
  return readBertLayers(map, { ...config, layers }).map((layer, index) => ({
    layer,
    ...adapters[index]!,
  })) as readonly Host<CanineLayerParams>[];
}
