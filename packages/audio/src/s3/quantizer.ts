import type * as tf from '@tensorflow/tfjs-core';
import {
  encodeVectors,
  l2Normalize,
  lookup,
  type NearestCodes,
  type S3FsqConfig,
  s3FsqQuantizer,
  tap,
} from '@tesserae/core/nn';
import type { S3QuantizerParams } from './weights';

/**
 * Ids of latents: the nearest code of a vector scaled to length 1 (version 1), or eight rounded numbers.
 *
 * @param latents - `[..., width]`, float32.
 * @returns Both of the leading axes.
 */
export function quantize(latents: tf.Tensor, params: S3QuantizerParams): NearestCodes {
  if ('codebook' in params) return encodeVectors(tap('latents_unit', l2Normalize(latents)), params.codebook);
  const { ids, margins } = s3FsqQuantizer.encode(latents, params, scalarConfig(params));
  return { ids: ids!, margins: margins! };
}

/** Code vectors `[..., width]`, or digits `[..., 8]` of -1, 0 and 1: no way back to the latents is published. */
export function codesOf(ids: tf.Tensor, params: S3QuantizerParams): tf.Tensor {
  if ('codebook' in params) return lookup(params.codebook, ids);
  return s3FsqQuantizer.decode(ids, params, scalarConfig(params));
}

function scalarConfig({ projectDown }: Exclude<S3QuantizerParams, { readonly codebook: tf.Tensor2D }>): S3FsqConfig {
  return { dim: projectDown.kernel.shape[0] };
}
