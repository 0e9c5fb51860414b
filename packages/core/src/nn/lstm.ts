import * as tf from '@tensorflow/tfjs-core';
import { composite } from '../engine/traits';
import { linear } from './linear';

/** One layer of a unidirectional LSTM; gates in PyTorch's order: input, forget, cell, output. */
export interface LstmLayerParams {
  /** `[in, 4H]`: PyTorch's `weight_ih`, transposed at load. */
  readonly inputKernel: tf.Tensor2D;
  /** `[H, 4H]`: `weight_hh`, transposed. */
  readonly recurrentKernel: tf.Tensor2D;
  /** `[4H]`, `bias_ih`. */
  readonly inputBias: tf.Tensor1D;
  /** `[4H]`, `bias_hh`. */
  readonly recurrentBias: tf.Tensor1D;
}

/** What a layer hands to the next step. */
export interface LstmState {
  /** `[B, H]`. */
  readonly hidden: tf.Tensor2D;
  /** `[B, H]`. */
  readonly cell: tf.Tensor2D;
}

export interface LstmResult {
  /** `[B, T, H]` of the last layer. */
  readonly y: tf.Tensor3D;
  /** After the last step, one for each layer. */
  readonly states: readonly LstmState[];
}

/**
 * A stack of LSTM layers, `torch.nn.LSTM` with `batch_first`.
 *
 * @param x - `[B, T, in]`, float32, T at least 1.
 * @param states - Where a sequence goes on: what the steps before returned. Default zeros.
 */
export function lstm(x: tf.Tensor3D, layers: readonly LstmLayerParams[], states?: readonly LstmState[]): LstmResult {
  let y = x;
  const after: LstmState[] = [];
  layers.forEach((layer, index) => {
    const zeros = () => tf.zeros([x.shape[0], layer.recurrentKernel.shape[0]]) as tf.Tensor2D;
    const { hidden = zeros(), cell = zeros() } = states?.[index] ?? {};
    const [next, lastHidden, lastCell] = lstmLayer(y, layer, { hidden, cell });
    y = next;
    after.push({ hidden: lastHidden, cell: lastCell });
  });
  return { y, states: after };
}

type LayerResult = [tf.Tensor3D, tf.Tensor2D, tf.Tensor2D];

function lstmLayer(x: tf.Tensor3D, layer: LstmLayerParams, { hidden, cell }: LstmState): LayerResult {
  return composite<LayerResult>('TessLstm', { x, ...layer, hidden, cell }, {}, () =>
    tf.tidy(() => {
      const bias = tf.add(layer.inputBias, layer.recurrentBias) as tf.Tensor1D;
      // All steps at once: only the recurrent half has to wait for the step before.
      const inputs = tf.unstack(linear(x, { kernel: layer.inputKernel, bias }), 1);
      let h = hidden;
      let c = cell;
      const steps = inputs.map((input) => {
        const gates = tf.add(input, tf.matMul(h, layer.recurrentKernel));
        const [inputGate, forgetGate, candidate, outputGate] = tf.split(gates, 4, 1) as [
          tf.Tensor2D,
          tf.Tensor2D,
          tf.Tensor2D,
          tf.Tensor2D,
        ];
        c = tf.add(tf.mul(tf.sigmoid(forgetGate), c), tf.mul(tf.sigmoid(inputGate), tf.tanh(candidate)));
        h = tf.mul(tf.sigmoid(outputGate), tf.tanh(c));
        return h;
      });
      return [tf.stack(steps, 1) as tf.Tensor3D, h, c];
    }),
  );
}
