import type * as tf from '@tensorflow/tfjs-core';
import type { Host, WeightMap } from '@tesserae/core';
import type { LinearParams, NormParams } from '@tesserae/core/nn';
import { type BertLayerParams, readBertLayers } from '../bert/weights';
import type { SatConfig } from './config';

export interface SatParams {
  /** `[vocabulary, width]`. */
  readonly words: tf.Tensor2D;
  /** `[positions, width]`. */
  readonly positions: tf.Tensor2D;
  /** `[types, width]`; only the first counts. */
  readonly types: tf.Tensor2D;
  readonly embeddingNorm: NormParams;
  readonly layers: readonly BertLayerParams[];
  readonly classifier: LinearParams;
}

export function readWeights(map: WeightMap, config: SatConfig): Host<SatParams> {
  map.ignore('roberta.pooler', 'roberta.embeddings.position_ids', 'roberta.embeddings.token_type_ids');
  const embeddings = map.at('roberta.embeddings');
  const table = (name: string, rows: number) =>
    embeddings.tensor(`${name}_embeddings.weight`, [rows, config.width], { role: 'embedding' });
  return {
    words: table('word', config.vocabularySize),
    positions: table('position', config.positions),
    types: table('token_type', config.tokenTypes),
    embeddingNorm: embeddings.norm('LayerNorm', config.width),
    layers: readBertLayers(map.at('roberta.encoder'), config),
    classifier: map.linear('classifier', config.width, config.labels),
  } as Host<SatParams>;
}
