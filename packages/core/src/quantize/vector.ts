import * as tf from '@tensorflow/tfjs-core';
import { l2Normalize, lookup, nearest, type NearestCodes } from './nearest';

export interface VectorQuantizerConfig {
  /** Compare directions: vectors and codes are scaled to length 1, and codes are returned so. */
  readonly useL2Norm: boolean;
}

/**
 * Plain vector quantization against one codebook (VQ-VAE).
 *
 * @param z - `[..., D]`, float32; `codebook` `[K, D]`.
 */
export function encodeVectors(z: tf.Tensor, codebook: tf.Tensor2D, { useL2Norm }: VectorQuantizerConfig): NearestCodes {
  return tf.tidy(() =>
    useL2Norm ? nearest(l2Normalize(z), l2Normalize(codebook) as tf.Tensor2D) : nearest(z, codebook),
  );
}

/** Code vectors of ids, `[...]` to `[..., D]`; of length 1 where the codebook is compared by direction. */
export function decodeVectors(ids: tf.Tensor, codebook: tf.Tensor2D, { useL2Norm }: VectorQuantizerConfig): tf.Tensor {
  return tf.tidy(() => {
    const codes = lookup(codebook, ids);
    return useL2Norm ? l2Normalize(codes) : codes;
  });
}
