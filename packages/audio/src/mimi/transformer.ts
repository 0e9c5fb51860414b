import * as tf from '@tensorflow/tfjs-core';
import { gelu, layerNorm, linear, tap } from '@tesserae/core/nn';
import { attendBand, type BandMemory, remembered } from './band-attention';
import type { MimiTransformerConfig } from './config';
import { rotate, type Rotation, rotation } from './rotary';
import type { MimiLayerParams, MimiTransformerParams } from './weights';

/** What a window hands to the next; keys and values are `[layers, B, heads, context - 1, width of a head]`. */
export type TransformerState = {
  readonly keys: tf.Tensor5D;
  readonly values: tf.Tensor5D;
  /** Steps so far, `[1]`, float32. */
  readonly steps: tf.Tensor1D;
};

export interface TransformOptions {
  /** {@link Band.group}. */
  readonly group: number;
  /** Of the window before. */
  readonly before?: TransformerState | undefined;
  /** Whether another window will follow. */
  readonly goesOn: boolean;
  /** Of taps. */
  readonly name: string;
}

/**
 * `ProjectedTransformer`: pre-norm layers with rotary positions, over a band of steps.
 *
 * @param x - `[B, T, dimension]`, float32.
 * @returns The same shape; the state where the window goes on.
 */
export function transform(
  x: tf.Tensor3D,
  params: MimiTransformerParams,
  config: MimiTransformerConfig,
  { group, before, goesOn, name }: TransformOptions,
): { readonly x: tf.Tensor3D; readonly state?: TransformerState } {
  const { context, maximumPeriod, width, heads } = config;
  const band = { context, group };
  const turn = rotation(x.shape[1], width / heads, maximumPeriod, before?.steps);
  const keysBefore = before && (tf.unstack(before.keys) as tf.Tensor4D[]);
  const valuesBefore = before && (tf.unstack(before.values) as tf.Tensor4D[]);
  const keys: tf.Tensor4D[] = [];
  const values: tf.Tensor4D[] = [];
  let y = params.projectIn ? (linear(x, params.projectIn) as tf.Tensor3D) : x;
  params.layers.forEach((layer, index) => {
    const memory: BandMemory | undefined = before && {
      keys: keysBefore![index]!,
      values: valuesBefore![index]!,
      steps: before.steps,
    };
    const { q, k, v } = projected(layerNorm(y, layer.norm1) as tf.Tensor3D, layer, heads, turn);
    const mixed = attendBand(q, k, v, band, memory);
    const merged = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [x.shape[0], x.shape[1], width]);
    y = tf.add(y, scaled(linear(merged, layer.out), layer.scale1));
    const hidden = gelu(linear(layerNorm(y, layer.norm2), layer.wide));
    y = tap(`${name}.layer${index}`, tf.add(y, scaled(linear(hidden, layer.narrow), layer.scale2)) as tf.Tensor3D);
    if (!goesOn) return;
    keys.push(remembered(k, band, memory?.keys));
    values.push(remembered(v, band, memory?.values));
  });
  const out = tap(name, params.projectOut ? (linear(y, params.projectOut) as tf.Tensor3D) : y);
  if (!goesOn) return { x: out };
  const length = tf.tensor1d([x.shape[1]]);
  const steps: tf.Tensor1D = before ? tf.add(before.steps, length) : length;
  return {
    x: out,
    state: { keys: tf.stack(keys) as tf.Tensor5D, values: tf.stack(values) as tf.Tensor5D, steps },
  };
}

/** Queries, keys and values of all heads, `[B, heads, T, width of a head]`; queries and keys turned. */
function projected(x: tf.Tensor3D, { qkv }: MimiLayerParams, heads: number, turn: Rotation) {
  const [batch, steps, width] = x.shape;
  const packed = tf.reshape(linear(x, qkv), [batch, steps, 3, heads, width / heads]);
  const [q, k, v] = tf.unstack(tf.transpose(packed, [2, 0, 3, 1, 4])) as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
  return { q: rotate(q, turn), k: rotate(k, turn), v };
}

function scaled(x: tf.Tensor, scale: tf.Tensor1D | undefined): tf.Tensor {
  return scale ? tf.mul(x, scale) : x;
}
