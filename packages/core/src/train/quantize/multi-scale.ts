import * as tf from '@tensorflow/tfjs-core';
import { assertFeatures, enlargeScale, multiScaleForm, type MultiScaleParams } from '../../quantize/multi-scale';
import type { MultiScaleConfig } from '../../quantize/multi-scale-config';
import { joinScales, residualScales } from '../../quantize/residual-scales';
import { encodeVectors } from '../../quantize/vector';
import { detached, lookupRows } from '../detached';
import { meanSquaredLoss, stopGradient } from '../losses';
import { itemMask, keptByItem } from './item-dropout';
import { codeCounts } from './usage-ring';

interface MultiScalePass {
  /** `[B, H, W, C]`: the sum of all scales, with the gradient of the identity to the features. */
  readonly quantized: tf.Tensor4D;
  /** `[B, Σ h·w]`, int32, coarse to fine. */
  readonly ids: tf.Tensor2D;
  /** `[S, K]`: how often each scale names each code; see `updateScaleHits`. */
  readonly hits: tf.Tensor2D;
}

export interface MultiScaleTraining extends MultiScalePass {
  /** Mean over the scales of `β · mean (f - sg(sum))² + mean (sg(f) - sum)²`, of the sums up to each scale. */
  readonly loss: tf.Scalar;
}

export interface DroppedMultiScaleTraining extends MultiScalePass {
  /** Mean over the scales of the second term, over the items that keep them. */
  readonly codebookLoss: tf.Scalar;
  /** *Sum* over the scales of the first term, as the official code has it, over the items that keep them. */
  readonly commitmentLoss: tf.Scalar;
}

export interface MultiScaleDraws {
  /** `[B]`: how many scales an item keeps; the first `floor(B · codebookDrop)` count. Default: all keep all. */
  readonly keptScales?: tf.Tensor;
}

/**
 * The training form of `multi-scale` (VAR, `VectorQuantizer2.forward`). Gradients of the loss reach the features, the
 * codebook and the convolutions. Call it inside `tidy`.
 *
 * @param features - `[B, H, W, C]`, float32, of the size of the last scale.
 * @throws {ShapeError} Features of another size.
 */
export function trainMultiScale(
  features: tf.Tensor4D,
  params: MultiScaleParams,
  config: MultiScaleConfig,
): MultiScaleTraining {
  const { sums, ids, hits } = sumScales(features, params, config);
  const still = stopGradient(features);
  const terms = sums.map((sum) => {
    const commitment = tf.mul(meanSquaredLoss(stopGradient(sum), features), config.beta);
    return tf.add(commitment, meanSquaredLoss(sum, still));
  });
  const loss = tf.mul(tf.addN(terms), 1 / terms.length) as tf.Scalar;
  return { quantized: passThrough(features, sums.at(-1)!), ids, hits, loss };
}

/**
 * The training form of XQ-GAN and RobusTok: two losses, and codebook drop. Items that keep some scales only leave the
 * others out of the sum; what is left for the next scale is reduced all the same. Call it inside `tidy`.
 *
 * @param features - `[B, H, W, C]`, float32, of the size of the last scale.
 * @throws {ShapeError} Features of another size.
 */
export function trainDroppedMultiScale(
  features: tf.Tensor4D,
  params: MultiScaleParams,
  config: MultiScaleConfig,
  { keptScales }: MultiScaleDraws = {},
): DroppedMultiScaleTraining {
  const kept = keptScales && keptByItem(keptScales, config.scales.length, config.codebookDrop);
  const { sums, ids, hits } = sumScales(features, params, config, kept);
  const still = stopGradient(features);
  const masks = sums.map((_, scale) => kept && itemMask(kept, scale, 4));
  const codebook = sums.map((sum, scale) => keptMean(tf.squaredDifference(sum, still), masks[scale]));
  const commitment = sums.map((sum, scale) =>
    keptMean(tf.squaredDifference(stopGradient(sum), features), masks[scale]),
  );
  return {
    quantized: passThrough(features, sums.at(-1)!),
    ids,
    hits,
    codebookLoss: tf.mul(tf.addN(codebook), 1 / sums.length) as tf.Scalar,
    commitmentLoss: tf.mul(tf.addN(commitment), config.beta) as tf.Scalar,
  };
}

function sumScales(
  features: tf.Tensor4D,
  params: MultiScaleParams,
  config: MultiScaleConfig,
  kept?: tf.Tensor1D,
): { readonly sums: readonly tf.Tensor4D[]; readonly ids: tf.Tensor2D; readonly hits: tf.Tensor2D } {
  assertFeatures(features, config);
  const added: tf.Tensor4D[] = [];
  const { steps, partials } = residualScales(stopGradient(features) as tf.Tensor4D, config.scales, {
    quantize(map) {
      const ids = detached(
        [map, params.codebook],
        (vectors, codebook) => encodeVectors(vectors!, codebook as tf.Tensor2D, multiScaleForm(config)).ids,
      );
      return { ids, codes: lookupRows(params.codebook, ids) as tf.Tensor4D };
    },
    enlarge(codes, scale) {
      const full = enlargeScale(codes, scale, params, config);
      added.push(full);
      return full;
    },
  });
  return {
    sums: kept ? keptSums(added, kept) : partials,
    ids: joinScales(steps.map(({ ids }) => ids)),
    hits: tf.stack(steps.map(({ ids }) => codeCounts(ids, config.codes))) as tf.Tensor2D,
  };
}

function keptSums(added: readonly tf.Tensor4D[], kept: tf.Tensor1D): readonly tf.Tensor4D[] {
  let sum: tf.Tensor4D | undefined;
  return added.map((full, scale) => {
    const masked = tf.mul(full, itemMask(kept, scale, 4)) as tf.Tensor4D;
    const next: tf.Tensor4D = sum ? tf.add(sum, masked) : masked;
    sum = next;
    return next;
  });
}

/** Mean over the elements of the items that count; 0 where there are none. */
function keptMean(values: tf.Tensor, mask: tf.Tensor | undefined): tf.Tensor {
  if (!mask) return tf.mean(values);
  return tf.div(tf.mean(tf.mul(values, mask)), tf.maximum(tf.mean(mask), 1e-12));
}

/** `(sum - f) + f`, rounded as the official code rounds it. */
function passThrough(features: tf.Tensor4D, sum: tf.Tensor4D): tf.Tensor4D {
  return tf.add(stopGradient(tf.sub(sum, features)), features);
}
