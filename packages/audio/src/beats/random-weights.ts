import type * as tf from '@tensorflow/tfjs-core';
import { type Host, type HostTensor, torchRandom, type WeightMap, writeSafetensors } from '@tesserae/core';
import type { Conv2dParams, LinearParams } from '@tesserae/core/nn';
import { type BeatsRandomConfig, writeRandomConfig } from './random-config';

export interface BeatsRandomParams {
  readonly patch: Conv2dParams;
  readonly projection: LinearParams;
  /** `[codes, dim]`. */
  readonly codebook: tf.Tensor2D;
}

const quantizer = 'random_projection_quantizer';

/** The keys of ESPnet's `BeatsRandomTokenizer`. */
export function readRandomWeights(map: WeightMap, config: BeatsRandomConfig): Host<BeatsRandomParams> {
  const { patchSize, patchWidth, patchBias, codebookSize, codebookDim } = config;
  return {
    patch: map.conv2d('patch_embedding', 1, patchWidth, patchSize, { bias: patchBias }),
    projection: map.linear(`${quantizer}.random_projection`, patchWidth, codebookDim, { bias: false }),
    codebook: map.codebook(`${quantizer}.codebook`, codebookSize, codebookDim),
  } as Host<BeatsRandomParams>;
}

/**
 * The random numbers of a tokenizer as a safetensors file with its configuration, which `beatsRandomProjection` opens:
 * to keep, or to hand on.
 *
 * PyTorch's generator, in the order of ESPnet's class: the patch embedding is Xavier normal with biases of 0, the
 * projection Xavier uniform, the codes are standard normal; patch embedding and quantizer start from the seed each.
 *
 * @param seed - A whole number; its low 32 bits count. ESPnet's quantizer has 42.
 * @throws {InputError} The seed is no whole number of 0..2^53 - 1.
 */
export function drawBeatsRandomWeights(config: BeatsRandomConfig, seed: number): Uint8Array {
  const { patchSize, patchWidth, patchBias, codebookSize, codebookDim } = config;
  const area = patchSize ** 2;
  const first = torchRandom(seed);
  // Layers draw their usual values before they get others.
  first.uniform(patchWidth * area);
  if (patchBias) first.uniform(patchWidth);
  const patch = first.normalWith(0, Math.sqrt(2 / (area + patchWidth * area)), patchWidth * area);
  const second = torchRandom(seed);
  second.uniform(codebookDim * patchWidth);
  const bound = Math.sqrt(6 / (patchWidth + codebookDim));
  const projection = second.uniformBetween(-bound, bound, codebookDim * patchWidth);
  const codebook = second.normal(codebookSize * codebookDim);
  const tensors: readonly (readonly [string, HostTensor])[] = [
    ['patch_embedding.weight', { shape: [patchWidth, 1, patchSize, patchSize], data: patch }],
    ...(patchBias
      ? [['patch_embedding.bias', { shape: [patchWidth], data: new Float32Array(patchWidth) }] as const]
      : []),
    [`${quantizer}.random_projection.weight`, { shape: [codebookDim, patchWidth], data: projection }],
    [`${quantizer}.codebook`, { shape: [codebookSize, codebookDim], data: codebook }],
  ];
  const metadata = { config: JSON.stringify(writeRandomConfig(config)), seed: String(seed) };
  return writeSafetensors(new Map(tensors), { metadata });
}
