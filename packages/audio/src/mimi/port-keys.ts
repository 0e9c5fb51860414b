import { type Checkpoint, renameKeys, unwrapCheckpoint } from '@tesserae/core';
import { officialSeanetKey, transposedLayers } from '../seanet/port-keys';

/** Finds the state dict, and gives the keys of the transformers port their official names. */
export function unwrap(checkpoint: Checkpoint): Checkpoint {
  const inner = unwrapCheckpoint(checkpoint);
  const keys = inner.keys();
  if (!keys.some((key) => key.startsWith('encoder.layers.'))) return inner;
  const isTransposed = transposedLayers(keys);
  return renameKeys(inner, new Map(keys.map((key) => [officialKey(key, isTransposed), key])));
}

/** What a layer of a transformer is called there, and here. The maps of q, k and v stay apart. */
const layerNames: ReadonlyMap<string, string> = new Map([
  ['self_attn.o_proj', 'self_attn.out_projs.0'],
  ['input_layernorm', 'norm1'],
  ['post_attention_layernorm', 'norm2'],
  ['mlp.fc1', 'linear1'],
  ['mlp.fc2', 'linear2'],
  ['self_attn_layer_scale', 'layer_scale_1'],
  ['mlp_layer_scale', 'layer_scale_2'],
]);

const quantizerNames: ReadonlyMap<string, string> = new Map([
  ['semantic', 'rvq_first'],
  ['acoustic', 'rvq_rest'],
]);

const leafNames: ReadonlyMap<string, string> = new Map([
  ['embed_sum', 'embedding_sum'],
  ['initialized', '_initialized'],
]);

const resamplers: ReadonlyMap<string, string> = new Map([
  ['downsample.conv.weight', 'downsample.conv.conv.conv.weight'],
  ['upsample.conv.weight', 'upsample.convtr.convtr.convtr.weight'],
]);

function officialKey(key: string, isTransposed: (layer: number) => boolean): string {
  const layer = /^((?:en|de)coder_transformer)\.(layers\.\d+)\.(.*)\.(\w+)$/.exec(key);
  if (layer) return `${layer[1]}.transformer.${layer[2]}.${layerNames.get(layer[3]!) ?? layer[3]}.${layer[4]}`;
  const quantizer = /^quantizer\.(semantic|acoustic)_residual_vector_quantizer\.(.*)$/.exec(key);
  if (quantizer) return `quantizer.${quantizerNames.get(quantizer[1]!)}.${quantizerKey(quantizer[2]!)}`;
  const half = /^(encoder|decoder)\.(.*)$/.exec(key);
  if (half) return `${half[1]}.${officialSeanetKey(half[2]!, half[1] === 'decoder' ? isTransposed : undefined)}`;
  return resamplers.get(key) ?? key;
}

function quantizerKey(key: string): string {
  const codebook = /^layers\.(\d+)\.codebook\.(.*)$/.exec(key);
  return codebook ? `vq.layers.${codebook[1]}._codebook.${leafNames.get(codebook[2]!) ?? codebook[2]}` : key;
}
