import * as tf from '@tensorflow/tfjs-core';

/** Mean squared error over all elements. */
export function meanSquaredLoss(output: tf.Tensor, target: tf.Tensor): tf.Scalar {
  return tf.tidy(() => tf.mean(tf.squaredDifference(output, target)) as tf.Scalar);
}

/** Mean absolute error over all elements. */
export function meanAbsoluteLoss(output: tf.Tensor, target: tf.Tensor): tf.Scalar {
  return tf.tidy(() => tf.mean(tf.abs(tf.sub(output, target))) as tf.Scalar);
}

/**
 * Mean absolute error of the differences between neighbours, along height and width: punishes lost edges.
 *
 * @param output - `[B, H, W, C]`, H and W at least 2; `target` of the same shape.
 */
export function gradientLoss(output: tf.Tensor4D, target: tf.Tensor4D): tf.Scalar {
  return tf.tidy(() => {
    const error = tf.sub(output, target) as tf.Tensor4D;
    const [batch, height, width, channels] = error.shape;
    const down = tf.sub(
      tf.slice(error, [0, 1, 0, 0], [batch, height - 1, width, channels]),
      tf.slice(error, [0, 0, 0, 0], [batch, height - 1, width, channels]),
    );
    const right = tf.sub(
      tf.slice(error, [0, 0, 1, 0], [batch, height, width - 1, channels]),
      tf.slice(error, [0, 0, 0, 0], [batch, height, width - 1, channels]),
    );
    return tf.add(tf.mean(tf.abs(down)), tf.mean(tf.abs(right))) as tf.Scalar;
  });
}

/**
 * `commitment · mean (z - sg(codes))² + mean (sg(z) - codes)²`: pulls encoder outputs and codes together (VQ-VAE).
 *
 * @param codes - The codes chosen for `z`, same shape, with a gradient to the codebook.
 * @param commitment - Weight of the encoder's part. Default 0.25.
 */
export function commitmentLoss(z: tf.Tensor, codes: tf.Tensor, commitment = 0.25): tf.Scalar {
  return tf.tidy(() => {
    const encoder = meanSquaredLoss(z, stopGradient(codes));
    return tf.add(tf.mul(encoder, commitment), meanSquaredLoss(codes, stopGradient(z))) as tf.Scalar;
  });
}

/** The same values, without gradient. */
export function stopGradient(x: tf.Tensor): tf.Tensor {
  return tf.customGrad((value) => ({
    value: tf.clone(value as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy),
  }))(x);
}
