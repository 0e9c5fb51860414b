import * as tf from '@tensorflow/tfjs-core';

/**
 * How the running backend wants things done. `core/nn` is the only caller: model functions never ask.
 */
export interface EngineTraits {
  /** Attention: one batched product over all heads, or one plain 2-D product per head (wasm's only fast path). */
  readonly heads: 'batched' | 'separate';
}

export function traits(): EngineTraits {
  return { heads: tf.getBackend() === 'wasm' ? 'separate' : 'batched' };
}

/**
 * One operator where the running backend has a kernel of that name (and no gradient is being recorded), the plain ops
 * otherwise (specs: engine 4.1). `plain` must compute the same value and is what gradients use.
 */
export function composite<T extends tf.Tensor | tf.Tensor[]>(
  name: CompositeName,
  inputs: Readonly<Record<string, tf.Tensor>>,
  attributes: Readonly<Record<string, number | boolean | string | readonly number[]>>,
  plain: () => T,
): T {
  const recordingGradient = tf.engine().state.gradientDepth > 0;
  if (recordingGradient || !tf.getKernel(name, tf.getBackend())) return plain();
  return tf.engine().runKernel(name, inputs as tf.NamedTensorMap, attributes as unknown as tf.NamedAttrMap) as T;
}

/**
 * - `TessLayerNorm` inputs `x`, `scale`, `offset`; attribute `epsilon`; over the last axis.
 * - `TessGroupNorm` inputs `x` (`[N, …spatial, C]`), `scale`, `offset` (`[C]`); attributes `groups`, `epsilon`.
 * - `TessGelu` input `x`; attribute `approximate`: `'none'` (erf) or `'tanh'`.
 * - `TessSilu` input `x`.
 * - `TessLstm` inputs `x` (`[B, T, in]`), `inputKernel` (`[in, 4H]`), `recurrentKernel` (`[H, 4H]`), `inputBias`, `recurrentBias`
 *   (`[4H]`), `hidden`, `cell` (`[B, H]`); gives all hidden states `[B, T, H]`, the last one and the last cell.
 * - `TessAttention` inputs `q`, `k`, `v` (`[B, heads, N|M, D]`), optional `bias` (broadcastable to `[B, heads, N, M]`); attribute `scale`.
 */
export type CompositeName = 'TessLayerNorm' | 'TessGroupNorm' | 'TessGelu' | 'TessSilu' | 'TessAttention' | 'TessLstm';
