import type * as tf from '@tensorflow/tfjs-core';
import type { Host, WeightMap } from '@tesserae/core';
import type { NormParams } from '@tesserae/core/nn';
import { type BertLayerParams, readBertLayers } from '../bert/weights';
import type { WordPoolerConfig } from './config';
import type { WordQueryParams } from './pool-words';

export interface WordPoolerParams {
  /** `[256 + prefixes, width]`. */
  readonly bytes: tf.Tensor2D;
  /** `[places + prefixes, width]`. */
  readonly places: tf.Tensor2D;
  readonly norm: NormParams;
  readonly layers: readonly BertLayerParams[];
  readonly query?: WordQueryParams;
}

export function readWeights(map: WeightMap, config: WordPoolerConfig): Host<WordPoolerParams> {
  const { width, prefixes, places, pool } = config;
  const query = () => ({
    query: map.tensor('query', [width]),
    key: map.linear('key', width, width),
    value: map.linear('value', width, width),
    out: map.linear('out', width, width),
  });
  return {
    bytes: map.tensor('bytes.weight', [256 + prefixes, width], { role: 'embedding' }),
    places: map.tensor('places.weight', [places + prefixes, width], { role: 'embedding' }),
    norm: map.norm('norm', width),
    layers: readBertLayers(map.at('encoder'), config),
    ...(pool === 'cross-attention' && { query: query() }),
  } as Host<WordPoolerParams>;
}
