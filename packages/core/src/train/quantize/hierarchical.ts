import * as tf from '@tensorflow/tfjs-core';
import { enlargeLevel, type HierarchicalConfig, type HierarchicalParams } from '../../quantize/hierarchical';
import type { HeadProjections } from '../../quantize/multi-head-vector';
import { joinScales, residualScales } from '../../quantize/residual-scales';
import { carryCodebook } from './carry-codebook';
import type { CodebookPassState } from './codebook-pass';
import { type MultiHeadVectorDraws, trainMultiHeadVector } from './multi-head-vector';

export interface HierarchicalTraining {
  /** `[B, H, W, C]`, with the gradients that the codebook's estimator gives at every scale. */
  readonly quantized: tf.Tensor4D;
  /** `[B, Σ s²]`, int32. */
  readonly ids: tf.Tensor2D;
  /** Mean of the losses of the scales. */
  readonly loss: tf.Scalar;
  /** The codebook after the last scale: every scale updates it before the next one searches. */
  readonly state: CodebookPassState;
}

/**
 * The training form of `hierarchical` (vector-quantize-pytorch, `HierarchicalVQ.forward`). Call it inside `tidy`.
 *
 * @param features - `[B, H, W, C]`, float32.
 * @param draws - One for each scale, as for `trainMultiHeadVector`; rows are those of the averaged map, row by row.
 */
export function trainHierarchical(
  features: tf.Tensor4D,
  { inner, convolutions }: Pick<HierarchicalParams, 'convolutions'> & { readonly inner: HeadProjections },
  state: CodebookPassState,
  config: HierarchicalConfig,
  draws: readonly MultiHeadVectorDraws[] = [],
): HierarchicalTraining {
  const [, height, width] = features.shape;
  let current = state;
  const { steps, partials } = residualScales(features, config.scales, {
    quantize(map, scale) {
      const step = trainMultiHeadVector(map, inner, current, config.inner, draws[scale]);
      current = carryCodebook(state, step.state, config.inner);
      return { ids: step.ids, codes: step.quantized as tf.Tensor4D, loss: step.loss };
    },
    enlarge: (codes, scale) => enlargeLevel(codes, scale, [height, width], { convolutions }, config),
  });
  return {
    quantized: partials.at(-1)!,
    ids: joinScales(steps.map(({ ids }) => ids)),
    loss: tf.mean(tf.stack(steps.map(({ loss }) => loss))) as tf.Scalar,
    state: current,
  };
}
