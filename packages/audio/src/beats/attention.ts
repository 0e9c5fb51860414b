import * as tf from '@tensorflow/tfjs-core';
import { linear, scaledDotProductAttention } from '@tesserae/core/nn';
import { relativeRows } from './relative-positions';
import type { BeatsAttentionParams, RelativeGateParams } from './weights';

/** What all layers of a run share. */
export interface AttentionContext {
  readonly heads: number;
  /** `[heads, 2N - 1]`, of `relativeScores`; absent without relative positions. */
  readonly relative?: tf.Tensor2D | undefined;
  /** `[B, N]`, 1 = padded: nothing looks there. */
  readonly padding?: tf.Tensor2D | undefined;
  /** Queries at a time, which changes nothing. Default: as many as have scores of 16 MiB, and at least 128. */
  readonly rows?: number;
}

const usualScores = 2 ** 22;
/** Fewer queries at a time would make too many steps of a long clip. */
const fewestRows = 128;
/** Added to scores that do not count: nothing of them is left by the softmax. */
const excluded = -1e9;

/**
 * `MultiheadAttention` with gated relative positions. (The official code scales queries down and scores up again, and
 * takes the largest score off, against overflow in half precision: in float32 it is the plain softmax.)
 *
 * @param x - `[B, N, width]`, float32.
 * @returns The same shape.
 */
export function attend(x: tf.Tensor3D, params: BeatsAttentionParams, context: AttentionContext): tf.Tensor3D {
  const { heads } = context;
  const [batch, length, width] = x.shape;
  const { rows = Math.max(fewestRows, Math.floor(usualScores / (batch * heads * length))) } = context;
  const inHeads = (part: tf.Tensor) =>
    tf.transpose(tf.reshape(part, [batch, length, heads, width / heads]), [0, 2, 1, 3]) as tf.Tensor4D;
  const q = inHeads(linear(x, params.query));
  const k = inHeads(linear(x, params.key));
  const v = inHeads(linear(x, params.value));
  const gate = params.gate ? gateOf(q, params.gate) : openGate(q);
  const blocks: tf.Tensor4D[] = [];
  for (let start = 0; start < length; start += rows) {
    const end = Math.min(length, start + rows);
    const bias = biasOf(rowsOf(gate, start, end), start, length, context);
    blocks.push(scaledDotProductAttention(rowsOf(q, start, end), k, v, bias));
  }
  const mixed = blocks.length === 1 ? blocks[0]! : tf.concat(blocks, 2);
  return linear(tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch, length, width]), params.out) as tf.Tensor3D;
}

/** What every query scales its relative positions by, `[B, heads, N, 1]`. */
function gateOf(q: tf.Tensor4D, { linear: gates, scale }: RelativeGateParams): tf.Tensor4D {
  const [batch, heads, length] = q.shape;
  const sums = tf.sum(tf.reshape(linear(q, gates), [batch, heads, length, 2, 4]), -1);
  const [first, second] = tf.split(tf.sigmoid(sums), 2, 3) as [tf.Tensor4D, tf.Tensor4D];
  const scaled = tf.sub(tf.mul(second, tf.reshape(scale, [1, heads, 1, 1])), 1);
  return tf.add(tf.mul(first, scaled), 2);
}

/** The same of ones. Made of the queries: a constant would be unfolded for every layer when the graph is compiled. */
function openGate(q: tf.Tensor4D): tf.Tensor4D {
  const [batch, heads, length] = q.shape;
  return tf.add(tf.mul(tf.slice(q, [0, 0, 0, 0], [batch, heads, length, 1]), 0), 1) as tf.Tensor4D;
}

/** What is added to the scores of the queries of a gate: `[B, heads, rows, N]`, or axes of 1; undefined: nothing. */
function biasOf(
  gate: tf.Tensor4D,
  start: number,
  length: number,
  { relative, padding }: AttentionContext,
): tf.Tensor4D | undefined {
  const positions = relative && relativeRows(relative, gate, start);
  if (!padding) return positions;
  const hidden = tf.reshape(tf.mul(padding, excluded), [gate.shape[0], 1, 1, length]) as tf.Tensor4D;
  return (positions ? tf.add(positions, hidden) : hidden) as tf.Tensor4D;
}

/** Queries `start` to `end` of `[B, heads, N, ...]`. */
function rowsOf(x: tf.Tensor4D, start: number, end: number): tf.Tensor4D {
  const [batch, heads, length, width] = x.shape;
  return end - start === length ? x : tf.slice(x, [0, 0, start, 0], [batch, heads, end - start, width]);
}
