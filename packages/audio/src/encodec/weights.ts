import { type Checkpoint, type Host, renameKeys, unwrapCheckpoint, type WeightMap } from '@tesserae/core';
import { residualEncodecQuantizer, type ResidualEncodecConfig, type ResidualEncodecParams } from '@tesserae/core/nn';
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
export function quantizerConfig({ seanet, codebooks, codebookSize }: EncodecConfig, used?: number): ResidualEncodecConfig {
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
  const isPort = inner.keys().some((key) => key.startsWith('encoder.layers.'));
  return isPort ? renameKeys(inner, new Map(inner.keys().map((key) => [officialKey(key), key]))) : inner;
}

/** `decoder.layers.3.conv.weight_g` to `decoder.model.3.convtr.convtr.weight_g`. */
function officialKey(key: string): string {
  const codebook = /^quantizer\.layers\.(\d+)\.codebook\.(.*)$/.exec(key);
  if (codebook) return `quantizer.vq.layers.${codebook[1]}._codebook.${codebook[2]}`;
  const layer = /^(encoder|decoder)\.layers\.(\d+)\.(.*)$/.exec(key);
  if (!layer) return key;
  const [, half, index, rest] = layer as unknown as [string, string, string, string];
  if (rest.startsWith('lstm.')) return `${half}.model.${index}.${rest}`;
  // A convolution right below a layer of the decoder is a transposed one, except for the first and the last.
  const inner = /^((?:block\.\d+\.|shortcut\.)?)(conv|norm)\.(.*)$/.exec(rest);
  if (!inner) return key;
  const [, place, kind, leaf] = inner as unknown as [string, string, string, string];
  const name = half === 'decoder' && place === '' && isTransposed(Number(index)) ? 'convtr' : 'conv';
  return `${half}.model.${index}.${place}${name}.${kind === 'conv' ? name : 'norm'}.${leaf}`;
}

/** Stages of the published decoder begin at 3 (activation at 2) and are three layers long; its last layer is 15. */
function isTransposed(index: number): boolean {
  return index % 3 === 0 && index > 0 && index < 15;
}
