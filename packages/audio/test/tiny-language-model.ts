import { torchRandom } from '@tesserae/core';
import { safetensorsBytes, type TensorToWrite } from '@tesserae/core/test';

/** Sizes of a language model of EnCodec. */
export interface TinyLanguageModel {
  readonly codebooks: number;
  readonly codes: number;
  readonly width: number;
  readonly layers: number;
}

/** Random weights under the official keys. */
export function languageModelWeights({ codebooks, codes, width, layers }: TinyLanguageModel) {
  const random = torchRandom(5);
  const tensor = (shape: readonly number[], scale = 0.4, offset = 0): TensorToWrite => {
    const count = shape.reduce((product, length) => product * length, 1);
    return { shape, data: random.normal(count).map((value) => offset + scale * value) };
  };
  const weights: Record<string, TensorToWrite> = {};
  const norm = (key: string) => {
    weights[`${key}.weight`] = tensor([width], 0.2, 1);
    weights[`${key}.bias`] = tensor([width], 0.2);
  };
  const linear = (key: string, inputs: number, outputs: number) => {
    weights[`${key}weight`] = tensor([outputs, inputs]);
    weights[`${key}bias`] = tensor([outputs]);
  };
  norm('transformer.norm_in');
  for (let layer = 0; layer < layers; layer += 1) {
    const key = `transformer.layers.${layer}`;
    linear(`${key}.self_attn.in_proj_`, width, 3 * width);
    linear(`${key}.self_attn.out_proj.`, width, width);
    linear(`${key}.linear1.`, width, 4 * width);
    linear(`${key}.linear2.`, 4 * width, width);
    norm(`${key}.norm1`);
    norm(`${key}.norm2`);
  }
  for (let level = 0; level < codebooks; level += 1) {
    weights[`emb.${level}.weight`] = tensor([codes + 1, width], 1);
    linear(`linears.${level}.`, width, codes);
  }
  return weights;
}

export const languageModelBytes = (sizes: TinyLanguageModel) => safetensorsBytes(languageModelWeights(sizes));
