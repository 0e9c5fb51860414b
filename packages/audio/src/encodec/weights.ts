import { type Checkpoint, type Host, renameKeys, unwrapCheckpoint, type WeightMap } from '@tesserae/core';
import { residualEncodecQuantizer, type ResidualEncodecConfig, type ResidualEncodecParams } from '@tesserae/core/nn';
import { officialSeanetKey, transposedLayers } from '../seanet/port-keys';
import {
  readSeanetDecoder,
  readSeanetEncoder,
  type SeanetDecoderParams,
  type SeanetEncoderParams,
} from '../seanet/weights';
import type { EncodecConfig } from './config';

export interface EncodecParams {
  readonly encoder: SeanetEncoderParams;
  readonly decoder: SeanetDecoderParams;
  readonly quantizer: ResidualEncodecParams;
}

export function readWeights(map: WeightMap, config: EncodecConfig): Host<EncodecParams> {
  return {
    encoder: readSeanetEncoder(map.at('encoder'), config.seanet),
    decoder: readSeanetDecoder(map.at('decoder'), config.seanet),
    quantizer: residualEncodecQuantizer.weights(map.at('quantizer.vq'), quantizerConfig(config)),
  };
}

/** @param used - Codebooks to encode with; default all. */
export function quantizerConfig(
  { seanet, codebooks, codebookSize }: EncodecConfig,
  used?: number,
): ResidualEncodecConfig {
  const config = residualEncodecQuantizer.parseConfig({
    dimension: seanet.dimension,
    n_q: codebooks,
    bins: codebookSize,
  });
  return { ...config, usedLayers: used ?? codebooks };
}

/** Finds the state dict, and gives the keys of the transformers port their official names. */
export function unwrap(checkpoint: Checkpoint): Checkpoint {
  const inner = unwrapCheckpoint(checkpoint);
  const keys = inner.keys();
  if (!keys.some((key) => key.startsWith('encoder.layers.'))) return inner;
  const isTransposed = transposedLayers(keys);
  return renameKeys(inner, new Map(keys.map((key) => [officialKey(key, isTransposed), key])));
}

function officialKey(key: string, isTransposed: (layer: number) => boolean): string {
  const codebook = /^quantizer\.layers\.(\d+)\.codebook\.(.*)$/.exec(key);
  if (codebook) return `quantizer.vq.layers.${codebook[1]}._codebook.${codebook[2]}`;
  const half = /^(encoder|decoder)\.(.*)$/.exec(key);
  if (!half) return key;
  return `${half[1]}.${officialSeanetKey(half[2]!, half[1] === 'decoder' ? isTransposed : undefined)}`;
}
