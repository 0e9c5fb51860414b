import type * as tf from '@tensorflow/tfjs-core';
import type { HostTensors, Tensors } from '../engine/engine';

/** What an update needs besides gradients: both are scalars and inputs of the traced step. */
export interface UpdateContext {
  /** Updates made before this one plus one, float32: 1, 2, 3, … */
  readonly step: tf.Tensor;
  /** Learning rate, float32. */
  readonly rate: tf.Tensor;
}

/** A functional optimizer: state is a flat tree of tensors that goes in and comes out. */
export interface Optimizer {
  /** State before the first update. */
  init(params: HostTensors): HostTensors;
  /** One update. Pure; every output is a new tensor. */
  update(
    params: Tensors,
    gradients: Tensors,
    state: Tensors,
    context: UpdateContext,
  ): { readonly params: Tensors; readonly state: Tensors };
}

/** Zeros of the shape of every parameter, under `<prefix>/<name>`. */
export function zeroState(prefix: string, params: HostTensors): HostTensors {
  return Object.fromEntries(
    Object.entries(params).map(([name, { shape, data }]) => [
      `${prefix}/${name}`,
      { shape, data: new Float32Array(data.length) },
    ]),
  );
}

/**
 * Different optimizers for different parameters.
 *
 * @param choose - Index of the optimizer for a parameter, by its name and shape.
 */
export function partitionedOptimizer(
  optimizers: readonly Optimizer[],
  choose: (name: string, shape: readonly number[]) => number,
): Optimizer {
  const part = <T extends { readonly shape: readonly number[] }>(tensors: Readonly<Record<string, T>>, index: number) =>
    Object.fromEntries(Object.entries(tensors).filter(([name, { shape }]) => choose(name, shape) === index));
  return {
    init: (params) =>
      Object.assign({}, ...optimizers.map((each, index) => each.init(part(params, index)))) as HostTensors,
    update(params, gradients, state, context) {
      const results = optimizers.map((each, index) => {
        const own = part(params, index);
        const names = new Set(Object.keys(own));
        const ownState = Object.fromEntries(
          Object.entries(state).filter(([key]) => names.has(key.slice(key.indexOf('/') + 1))),
        );
        return each.update(own, part(gradients, index), ownState, context);
      });
      return {
        params: Object.assign({}, ...results.map((result) => result.params)) as Tensors,
        state: Object.assign({}, ...results.map((result) => result.state)) as Tensors,
      };
    },
  };
}
