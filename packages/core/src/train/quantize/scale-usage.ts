import * as tf from '@tensorflow/tfjs-core';

/**
 * Shares of the old averages that each scale keeps at a training step (VAR, `record_hit`): nothing at the very first
 * scale, then 0.9, and 0.99 after 100 scales.
 *
 * @param step - Steps taken before this one.
 * @param scales - Number of scales S.
 * @returns `[S]`.
 */
export function scaleHitRates(step: number, scales: number): readonly number[] {
  return Array.from({ length: scales }, (_, scale) => {
    const recorded = step * scales + scale;
    return recorded === 0 ? 0 : recorded < 100 ? 0.9 : 0.99;
  });
}

/**
 * Average counts of the codes by scale after a step (`ema_vocab_hit_SV`).
 *
 * @param averages - `[S, K]`.
 * @param hits - `[S, K]` of the batch, added over the workers.
 * @param rates - `[S]`, from {@link scaleHitRates}.
 */
export function updateScaleHits(averages: tf.Tensor2D, hits: tf.Tensor2D, rates: tf.Tensor1D): tf.Tensor2D {
  return tf.tidy(() => {
    const keep = tf.expandDims(rates, 1);
    return tf.add(tf.mul(averages, keep), tf.mul(hits, tf.sub(1, keep))) as tf.Tensor2D;
  });
}

/**
 * Share of the codes that a scale uses, in percent: those whose average count reaches 0.08 of what even use of the full
 * map would give (VAR).
 *
 * @param averages - `[S, K]`.
 * @param vectors - Vectors of a batch at full size, B · H · W.
 * @param workers - Default 1.
 * @returns `[S]`, 0..100.
 */
export function scaleUsage(averages: tf.Tensor2D, vectors: number, workers = 1): tf.Tensor1D {
  return tf.tidy(() => {
    const threshold = ((workers * vectors) / averages.shape[1]) * 0.08;
    return tf.mul(tf.mean(tf.cast(tf.greaterEqual(averages, threshold), 'float32'), 1), 100) as tf.Tensor1D;
  });
}
