import type * as tf from '@tensorflow/tfjs-core';
import type { Host, WeightMap } from '@tesserae/core';
import type { LinearParams, NormParams } from '@tesserae/core/nn';
import { type BertLayerParams, readBertLayers } from '../bert/weights';
import type { CharacterConfig, WtpConfig } from './config';

/** Vectors of hashed characters. */
export interface CharacterTables {
  /** One table a hash, `[buckets, width / hashes]`. */
  readonly tables: readonly tf.Tensor2D[];
  /** `[buckets, width]`: as long as the hash tables in the official code. */
  readonly positions: tf.Tensor2D;
  /** `[types, width]`; only the first counts. */
  readonly types: tf.Tensor2D;
  readonly norm: NormParams;
}

export interface WtpParams {
  readonly characters: CharacterTables;
  readonly layers: readonly BertLayerParams[];
  readonly classifier: LinearParams;
}

export function readWeights(map: WeightMap, config: WtpConfig): Host<WtpParams> {
  map.ignore('bert.pooler', 'bert.embeddings.position_ids');
  return {
    characters: readCharacterTables(map.at('bert.embeddings'), config),
    layers: readBertLayers(map.at('bert.encoder'), config),
    classifier: map.linear('classifier', config.width, config.labels),
  };
}

/** Reads the embeddings that all WtP models have. */
export function readCharacterTables(
  map: WeightMap,
  { width, hashes, buckets, tokenTypes }: CharacterConfig,
): Host<CharacterTables> {
  const table = (name: string, rows: number, columns: number) =>
    map.tensor(`${name}.weight`, [rows, columns], { role: 'embedding' });
  return {
    tables: Array.from({ length: hashes }, (_, hash) =>
      table(`HashBucketCodepointEmbedder_${hash}`, buckets, width / hashes),
    ),
    positions: table('char_position_embeddings', buckets, width),
    types: table('token_type_embeddings', tokenTypes, width),
    norm: map.norm('LayerNorm', width),
  } as Host<CharacterTables>;
}
