import type * as tf from '@tensorflow/tfjs-core';
import type { Host, WeightMap } from '@tesserae/core';
import type { LinearParams, NormParams } from '@tesserae/core/nn';
import { type BertLayerParams, readBertLayers } from '../bert/weights';
import type { WtpConfig } from './config';

export interface WtpParams {
  /** One table a hash, `[buckets, width / hashes]`. */
  readonly tables: readonly tf.Tensor2D[];
  /** `[buckets, width]`: as long as the hash tables in the official code. */
  readonly positions: tf.Tensor2D;
  /** `[types, width]`; only the first counts. */
  readonly types: tf.Tensor2D;
  readonly embeddingNorm: NormParams;
  readonly layers: readonly BertLayerParams[];
  readonly classifier: LinearParams;
}

export function readWeights(map: WeightMap, config: WtpConfig): Host<WtpParams> {
  const { width, hashes, buckets } = config;
  map.ignore('bert.pooler', 'bert.embeddings.position_ids');
  const embeddings = map.at('bert.embeddings');
  const table = (name: string, rows: number, columns: number) =>
    embeddings.tensor(`${name}.weight`, [rows, columns], { role: 'embedding' });
  return {
    tables: Array.from({ length: hashes }, (_, hash) =>
      table(`HashBucketCodepointEmbedder_${hash}`, buckets, width / hashes),
    ),
    positions: table('char_position_embeddings', buckets, width),
    types: table('token_type_embeddings', config.tokenTypes, width),
    embeddingNorm: embeddings.norm('LayerNorm', width),
    layers: readBertLayers(map.at('bert.encoder'), config),
    classifier: map.linear('classifier', width, config.labels),
  } as Host<WtpParams>;
}
