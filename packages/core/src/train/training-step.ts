import * as tf from '@tensorflow/tfjs-core';
import { modelFunction, type ModelFunction, type Tensors } from '../engine/engine';
import { clipGradients } from './clip-gradients';
import { updateAverage } from './ema';
import { above, below } from './names';
import type { Optimizer } from './optimizer';

export interface TrainingStepOptions {
  /**
   * What is minimised, and what is only reported.
   *
   * @param params - Flat: by path, `encoder.convIn.kernel`.
   * @param batch - Inputs of the batch by name.
   * @returns `loss` and any other scalars.
   */
  readonly losses: (
    params: Tensors,
    batch: Tensors,
  ) => { readonly loss: tf.Scalar } & Readonly<Record<string, tf.Scalar>>;
  readonly optimizer: Optimizer;
  /** Longest gradient, over all parameters together. Default: not clipped. */
  readonly clipNorm?: number;
  /** Decay of an exponential average of the parameters, kept as `e/…`. Default: none is kept. */
  readonly averageDecay?: number;
}

/**
 * Forward pass, backward pass and update as one model function without weights (engine 5).
 *
 * Inputs: `p/<parameter>`, `o/<state>` (and `e/<parameter>`), `step` and `rate` (scalars), and the batch `b/<name>`.
 * Outputs: the new `p/…`, `o/…` (`e/…`), and scalars `l/<loss>`, among them `l/gradient-norm`.
 */
export function trainingStep(options: TrainingStepOptions): ModelFunction<undefined> {
  const { losses, optimizer, clipNorm, averageDecay } = options;
  return modelFunction(
    () => undefined,
    (_part, inputs: Tensors) => {
      const params = below(inputs, 'p/');
      const batch = below(inputs, 'b/');
      const names = Object.keys(params);
      let reported: Readonly<Record<string, tf.Scalar>> = {};
      const { value, grads } = tf.valueAndGrads((...values: tf.Tensor[]) => {
        const { loss, ...others } = losses(
          Object.fromEntries(names.map((name, index) => [name, values[index]!])),
          batch,
        );
        // Gradients tidy their forward pass: what is only reported would be gone.
        for (const each of Object.values(others)) tf.keep(each);
        reported = others;
        return loss;
      })(names.map((name) => params[name]!));
      const others = Object.fromEntries(
        Object.entries(reported).map(([name, kept]) => {
          const copy = tf.clone(kept);
          kept.dispose();
          return [name, copy] as const;
        }),
      );
      const raw = Object.fromEntries(names.map((name, index) => [name, grads[index]!]));
      const { gradients, norm } = clipGradients(raw, clipNorm);
      const updated = optimizer.update(params, gradients, below(inputs, 'o/'), {
        step: inputs['step']!,
        rate: inputs['rate']!,
      });
      return {
        ...above('p/', updated.params),
        ...above('o/', updated.state),
        ...(averageDecay !== undefined &&
          above('e/', updateAverage(below(inputs, 'e/'), updated.params, averageDecay))),
        ...above('l/', { loss: value, ...others, 'gradient-norm': norm }),
      };
    },
  );
}
