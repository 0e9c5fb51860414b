import * as tf from '@tensorflow/tfjs-core';
import { linear } from '../../nn/linear';
import {
  binaryActivations,
  bitValues,
  codePenalty,
  likelyBits,
  type BinaryLatentConfig,
  type BinaryLatentParams,
} from '../../quantize/binary';
import { detached } from '../detached';

export interface BinaryLatentTraining {
  /** `[..., embeddingDim]`, with the gradient of the activations through the bits. */
  readonly quantized: tf.Tensor;
  /** `[..., bits]`, int32 0 or 1. */
  readonly bits: tf.Tensor;
  /** The code penalty, unweighted. */
  readonly loss: tf.Scalar;
  /** `[..., bits]`. */
  readonly logits: tf.Tensor;
  /** `[..., bits]`: the sigmoid, or the tanh where codes are signed. */
  readonly activations: tf.Tensor;
}

/**
 * The training form of {@link elmBinaryQuantizer} and {@link instellaBinaryQuantizer}: bits are drawn.
 *
 * @param x - `[..., dim]`.
 * @param uniform - `[..., bits]`, in 0..1: a bit is 1 where this is below its probability. Without it bits are decided
 *   by the threshold 1/2.
 */
export function trainBinaryLatent(
  x: tf.Tensor,
  params: BinaryLatentParams,
  config: BinaryLatentConfig,
  uniform?: tf.Tensor,
): BinaryLatentTraining {
  const computed = binaryActivations(x, params, config);
  const { logits, activations, probabilities } = computed;
  const bits = detached([logits, probabilities], (unscaled, plain) => {
    if (!uniform) return likelyBits(plain!);
    const p = config.temperature === 1 ? plain! : tf.sigmoid(tf.div(unscaled!, config.temperature));
    return tf.cast(tf.less(uniform, p), 'int32');
  });
  const offsets = detached([activations, bits], (soft, hard) =>
    tf.sub(bitValues(tf.cast(hard!, 'float32'), config), soft!),
  );
  return {
    quantized: linear(tf.add(activations, offsets), { kernel: params.embedding }),
    bits,
    loss: codePenalty(computed, config),
    logits,
    activations,
  };
}
