import * as tf from '@tensorflow/tfjs-core';
import { composite, traits } from '../engine/traits';
import { linear, type LinearParams } from './linear';

/** Self-attention whose query, key and value maps are one product. */
export interface PackedAttentionParams {
  /** `[width, 3 * width]`: q, k, v side by side. */
  readonly qkv: LinearParams;
  readonly out: LinearParams;
}

/**
 * Multi-head self-attention without mask (`nn.MultiheadAttention`).
 *
 * @param x - `[B, N, width]`, float32.
 * @param heads - Divides the width.
 * @returns `[B, N, width]`.
 */
export function selfAttention(x: tf.Tensor3D, params: PackedAttentionParams, heads: number): tf.Tensor3D {
  return tf.tidy(() => {
    const [batch, length, width] = x.shape;
    const dim = width / heads;
    const packed = tf.reshape(linear(x, params.qkv), [batch, length, 3, heads, dim]);
    const [q, k, v] = tf.unstack(tf.transpose(packed, [2, 0, 3, 1, 4])) as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
    const mixed = scaledDotProductAttention(q, k, v);
    const merged = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch, length, width]);
    return linear(merged, params.out) as tf.Tensor3D;
  });
}

/**
 * `softmax(q · kᵀ / sqrt(D) + bias) · v` for each head.
 *
 * @param q - `[B, heads, N, D]`; `k`, `v` `[B, heads, M, D]`, float32.
 * @param bias - Added to the scaled scores, float32: axes of `[B, heads, N, M]` or of length 1. Default none.
 * @returns `[B, heads, N, D]`.
 */
export function scaledDotProductAttention(
  q: tf.Tensor4D,
  k: tf.Tensor4D,
  v: tf.Tensor4D,
  bias?: tf.Tensor4D,
): tf.Tensor4D {
  const scale = 1 / Math.sqrt(q.shape[3]);
  return composite('TessAttention', { q, k, v, ...(bias && { bias }) }, { scale }, () =>
    tf.tidy(() => (traits().heads === 'separate' ? headByHead(q, k, v, scale, bias) : batched(q, k, v, scale, bias))),
  );
}

function batched(q: tf.Tensor4D, k: tf.Tensor4D, v: tf.Tensor4D, scale: number, bias?: tf.Tensor4D): tf.Tensor4D {
  const scores = tf.matMul(tf.mul(q, scale), k, false, true);
  return tf.matMul(tf.softmax(bias ? tf.add(scores, bias) : scores), v) as tf.Tensor4D;
}

/** Plain 2-D products on an explicitly transposed k: the wasm backend's fast path, 4x a batched product. */
function headByHead(q: tf.Tensor4D, k: tf.Tensor4D, v: tf.Tensor4D, scale: number, bias?: tf.Tensor4D): tf.Tensor4D {
  const [batch, heads, length, dim] = q.shape;
  const fold = (x: tf.Tensor4D) => tf.unstack(tf.reshape(x, [batch * heads, x.shape[2], x.shape[3]])) as tf.Tensor2D[];
  const keys = fold(k);
  const values = fold(v);
  const added = bias && headBiases(bias, batch, heads);
  const mixed = fold(q).map((query, index) => {
    const scores = tf.matMul(tf.mul(query, scale), tf.transpose(keys[index]!));
    return tf.matMul(tf.softmax(added ? tf.add(scores, added[index]!) : scores), values[index]!);
  });
  return tf.reshape(tf.stack(mixed), [batch, heads, length, dim]);
}

/** What is added to the scores of every head of every item: matrices of `[N or 1, M or 1]`. */
function headBiases(bias: tf.Tensor4D, batch: number, heads: number): readonly tf.Tensor[] {
  const [items, own, rows, columns] = bias.shape;
  const matrices = tf.unstack(tf.reshape(bias, [items * own, rows, columns]));
  return Array.from({ length: batch * heads }, (_, index) => {
    const item = items === 1 ? 0 : Math.floor(index / heads);
    return matrices[item * own + (own === 1 ? 0 : index % heads)]!;
  });
}
