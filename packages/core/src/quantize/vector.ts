import * as tf from '@tensorflow/tfjs-core';
import { l2Normalize, lookup, nearest, type NearestCodes } from './nearest';
import type { VectorMetric } from './nearest-blocks';

/**
 * What a vector quantizer normalizes, and how it compares. Official code bases differ in each: LlamaGen and TokenFlow
 * normalize all three, VAR's `using_znorm`, 4M and DAC return the raw row, LaVIT and BEATs search raw rows.
 */
export interface VectorForm {
  /** Vectors are scaled to length 1 before the search. Default false. */
  readonly normalizeQuery?: boolean;
  /** Codes are scaled to length 1 for the search. Default false. */
  readonly normalizeCodebook?: boolean;
  /** Codes are scaled to length 1 where they are returned. Default false. */
  readonly normalizeOutput?: boolean;
  /** Least length to divide by. Default 1e-12 (`F.normalize`); lucidrains: 1e-6. */
  readonly l2Epsilon?: number;
  /** Default `squared`. */
  readonly metric?: VectorMetric;
}

/** Everything scaled to length 1: directions are compared and returned. */
export const unitVectors: VectorForm = { normalizeQuery: true, normalizeCodebook: true, normalizeOutput: true };

/**
 * Plain vector quantization against one codebook (VQ-VAE, arXiv 1711.00937).
 *
 * @param z - `[..., D]`, float32; `codebook` `[K, D]`.
 */
export function encodeVectors(z: tf.Tensor, codebook: tf.Tensor2D, form: VectorForm = {}): NearestCodes {
  const { metric = 'squared' } = form;
  return tf.tidy(() => nearest(queryVectors(z, form), searchCodebook(codebook, form), { metric }));
}

/** Code vectors of ids, `[...]` to `[..., D]`; of length 1 where `normalizeOutput` says so. */
export function decodeVectors(ids: tf.Tensor, codebook: tf.Tensor2D, form: VectorForm = {}): tf.Tensor {
  return tf.tidy(() => {
    const codes = lookup(codebook, ids);
    return form.normalizeOutput ? l2Normalize(codes, form.l2Epsilon) : codes;
  });
}

/** The vectors as they are compared. */
export function queryVectors(z: tf.Tensor, { normalizeQuery, l2Epsilon }: VectorForm): tf.Tensor {
  return normalizeQuery ? l2Normalize(z, l2Epsilon) : z;
}

/** The codes as they are compared, `[K, D]`. */
export function searchCodebook(codebook: tf.Tensor2D, { normalizeCodebook, l2Epsilon }: VectorForm): tf.Tensor2D {
  return normalizeCodebook ? (l2Normalize(codebook, l2Epsilon) as tf.Tensor2D) : codebook;
}
