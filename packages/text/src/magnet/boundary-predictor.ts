import * as tf from '@tensorflow/tfjs-core';
import { gelu, linear } from '@tesserae/core/nn';
import type { MagnetPoolingConfig } from './config';
import type { BoundaryParams } from './weights';

/** `torch.finfo(float32).eps`: how near to 0 and 1 probabilities and noise may come. */
const epsilon = 2 ** -23;

/**
 * Logits of a segment that ends at each position.
 *
 * @param hidden - `[B, N, width]`, float32.
 * @returns `[B, N]`.
 */
export function boundaryLogits(
  hidden: tf.Tensor3D,
  params: BoundaryParams,
  activation: MagnetPoolingConfig['activation'],
): tf.Tensor2D {
  const [batch, length] = hidden.shape;
  return tf.tidy(() => {
    const inner = linear(hidden, params.inner);
    const active = activation === 'gelu' ? gelu(inner) : tf.relu(inner);
    return tf.reshape(linear(active, params.logit), [batch, length]);
  });
}

/**
 * A sample of the relaxed Bernoulli distribution of the logits, `σ((log u - log(1 - u) + logit) / temperature)`: what the
 * official code decides by, in evaluation too.
 *
 * @param logits - `[B, N]`, of {@link boundaryLogits}.
 * @param noise - `[B, N]`, uniform in 0..1.
 * @returns `[B, N]`, 0..1; above the threshold is a boundary.
 */
export function relaxedBoundaries(logits: tf.Tensor2D, noise: tf.Tensor2D, temperature: number): tf.Tensor2D {
  return tf.tidy(() => {
    const odds = (x: tf.Tensor) => {
      const inside = tf.clipByValue(x, epsilon, 1 - epsilon);
      return tf.sub(tf.log(inside), tf.log1p(tf.neg(inside)));
    };
    const sum = tf.add(odds(noise), odds(tf.sigmoid(logits)));
    return tf.sigmoid(tf.div(sum, temperature)) as tf.Tensor2D;
  });
}

/**
 * 1 at boundaries, 0 elsewhere.
 *
 * @param probabilities - `[B, N]`: relaxed ones, or the sigmoid of the logits, which decides without chance.
 */
export function hardBoundaries(probabilities: tf.Tensor2D, threshold = 0.5): tf.Tensor2D {
  return tf.tidy(() => tf.cast(tf.greater(probabilities, threshold), 'float32') as tf.Tensor2D);
}
