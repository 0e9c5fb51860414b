import * as tf from '@tensorflow/tfjs-core';
import { layerNorm, linear, scaledDotProductAttention } from '@tesserae/core/nn';
import { headWidth } from './config';
import type { LocalAttentionParams } from './weights';

/**
 * Attention of the frames of a window to each other, with rotary positions inside of it, and the input added (SNAC's
 * `LocalMHA`).
 *
 * @param x - `[B, F, C]`, float32; F a multiple of `window`, C of 64.
 * @param window - Frames.
 */
export function localAttention(x: tf.Tensor3D, params: LocalAttentionParams, window: number): tf.Tensor3D {
  const [batch, frames, width] = x.shape;
  const heads = width / headWidth;
  const rows = (batch * frames) / window;
  return tf.tidy(() => {
    const packed = tf.reshape(linear(layerNorm(x, params.norm), params.qkv), [rows, window, 3, heads * headWidth]);
    const [q, k, v] = tf
      .unstack(packed, 2)
      .map((part) => tf.transpose(tf.reshape(part, [rows, window, heads, headWidth]), [0, 2, 1, 3])) as [
      tf.Tensor4D,
      tf.Tensor4D,
      tf.Tensor4D,
    ];
    const { cosines, sines } = rotation(window);
    const mixed = scaledDotProductAttention(rotated(q, cosines, sines), rotated(k, cosines, sines), v);
    const merged = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch, frames, width]);
    return tf.add(x, linear(merged, params.out));
  });
}

/** Angles of the places of a window: `[window, 64]`, both halves alike. */
function rotation(window: number): { readonly cosines: tf.Tensor2D; readonly sines: tf.Tensor2D } {
  const half = headWidth / 2;
  const angles = Float64Array.from({ length: window * headWidth }, (_, index) => {
    const place = Math.floor(index / headWidth);
    const frequency = Math.fround(1 / Math.fround(10_000 ** ((2 * (index % half)) / headWidth)));
    return Math.fround(place * frequency);
  });
  const shape: [number, number] = [window, headWidth];
  return {
    cosines: tf.tensor2d(Float32Array.from(angles, Math.cos), shape),
    sines: tf.tensor2d(Float32Array.from(angles, Math.sin), shape),
  };
}

/** Turns the two halves of every head against each other. */
function rotated(x: tf.Tensor4D, cosines: tf.Tensor2D, sines: tf.Tensor2D): tf.Tensor4D {
  const [first, second] = tf.split(x, 2, 3) as [tf.Tensor4D, tf.Tensor4D];
  return tf.add(tf.mul(x, cosines), tf.mul(tf.concat([tf.neg(second), first], 3), sines));
}
