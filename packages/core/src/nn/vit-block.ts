import * as tf from '@tensorflow/tfjs-core';
import { tap } from '../engine/taps';
import { gelu } from './activations';
import { selfAttention, type PackedAttentionParams } from './attention';
import { layerNorm } from './layer-norm';
import { linear, type LinearParams } from './linear';
import type { NormParams } from './norm';

/** A pre-norm transformer block. */
export interface VitBlockParams {
  readonly norm1: NormParams;
  readonly attention: PackedAttentionParams;
  readonly norm2: NormParams;
  /** `width → 4 · width` and back. */
  readonly mlpIn: LinearParams;
  readonly mlpOut: LinearParams;
}

/**
 * `x + attention(norm1(x))`, then `x + mlp(norm2(x))` with the exact GELU.
 *
 * @param x - `[B, N, width]`, float32.
 * @param name - Prefix of the taps: `<name>.attn` and `<name>`.
 */
export function vitBlock(x: tf.Tensor3D, params: VitBlockParams, heads: number, name: string): tf.Tensor3D {
  return tf.tidy(() => {
    const attended = selfAttention(layerNorm(x, params.norm1) as tf.Tensor3D, params.attention, heads);
    const middle = tf.add(x, tap(`${name}.attn`, attended));
    const hidden = gelu(linear(layerNorm(middle, params.norm2), params.mlpIn));
    return tap(name, tf.add(middle, linear(hidden, params.mlpOut)) as tf.Tensor3D);
  });
}
