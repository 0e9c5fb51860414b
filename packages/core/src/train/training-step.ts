import * as tf from '@tensorflow/tfjs-core';
import { modelFunction, type ModelFunction, type Tensors } from '../engine/engine';
import { ShapeError } from '../errors/shape-error';
import { clipGradients } from './clip-gradients';
import { updateAverage } from './ema';
import { above, below } from './names';
import type { Optimizer } from './optimizer';

/** Tensors that a step carries along without gradients: codebooks that follow averages. */
export interface TrainingBuffers {
  /** As they were before the step. */
  readonly values: Tensors;
  /** What they are after it, by name and of the same shapes; those not named stay. */
  set(next: Tensors): void;
}

export interface TrainingStepOptions {
  /**
   * What is minimised, and what is only reported.
   *
   * @param params - Flat: by path, `encoder.convIn.kernel`.
   * @param batch - Inputs of the batch by name.
   * @param buffers - What the step carries along; empty unless the state has any.
   * @returns `loss` and any other scalars.
   */
  readonly losses: (
    params: Tensors,
    batch: Tensors,
    buffers: TrainingBuffers,
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
 * Inputs: `p/<parameter>`, `o/<state>` (and `e/<parameter>`, `c/<buffer>`), `step` and `rate` (scalars), and the batch
 * `b/<name>`. Outputs: the new `p/…`, `o/…` (`e/…`, `c/…`), and scalars `l/<loss>`, among them `l/gradient-norm`.
 */
export function trainingStep(options: TrainingStepOptions): ModelFunction<undefined> {
  const { losses, optimizer, clipNorm, averageDecay } = options;
  return modelFunction(
    () => undefined,
    (_part, inputs: Tensors) => {
      const params = below(inputs, 'p/');
      const batch = below(inputs, 'b/');
      const names = Object.keys(params);
      const buffers = carriedBuffers(below(inputs, 'c/'));
      let reported: Readonly<Record<string, tf.Scalar>> = {};
      const { value, grads } = tf.valueAndGrads((...values: tf.Tensor[]) => {
        const { loss, ...others } = losses(
          Object.fromEntries(names.map((name, index) => [name, values[index]!])),
          batch,
          buffers,
        );
        // Gradients tidy their forward pass: what is only reported would be gone.
        for (const each of Object.values(others)) tf.keep(each);
        reported = others;
        return loss;
      })(names.map((name) => params[name]!));
      const others = released(reported);
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
        ...above('c/', buffers.after()),
        ...above('l/', { loss: value, ...others, 'gradient-norm': norm }),
      };
    },
  );
}

function carriedBuffers(values: Tensors): TrainingBuffers & { after(): Tensors } {
  const kept: Record<string, tf.Tensor> = {};
  return {
    values,
    set(next) {
      for (const [name, tensor] of Object.entries(next)) {
        const wanted = values[name] ? `[${values[name].shape.join(', ')}]` : 'no such buffer';
        if (wanted !== `[${tensor.shape.join(', ')}]`) throw new ShapeError(`buffers: ${name}`, wanted, tensor.shape);
        kept[name]?.dispose();
        // A copy: the same tensor may be given under two names, or be one of the values.
        kept[name] = tf.keep(tf.clone(tensor));
      }
    },
    after: () => ({ ...values, ...released(kept) }),
  };
}

/** Copies that are tidied again, in place of kept tensors. */
function released(kept: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(kept).map(([name, tensor]) => {
      const copy = tf.clone(tensor);
      tensor.dispose();
      return [name, copy] as const;
    }),
  );
}
