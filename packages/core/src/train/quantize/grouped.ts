import * as tf from '@tensorflow/tfjs-core';
import { splitGroups, type GroupedConfig, type GroupedParams } from '../../quantize/grouped';

/** What the training form of one group gives. */
export interface GroupTraining {
  readonly quantized: tf.Tensor;
  readonly ids?: tf.Tensor;
  readonly loss?: tf.Tensor;
}

/**
 * The training form of {@link groupedQuantizer}: that of every group on its own channels.
 *
 * @param x - `[..., dim]`.
 * @param train - The training form of one group; groups share their draws of layers in the official code.
 * @returns `quantized` `[..., dim]`; `ids` and `loss` with the groups first, where groups have them.
 * @throws {ShapeError} The last axis is not `dim`.
 */
export function trainGroups<Config, Params>(
  x: tf.Tensor,
  { groups }: GroupedParams<Params>,
  config: GroupedConfig<Config>,
  train: (x: tf.Tensor, params: Params, config: Config, group: number) => GroupTraining,
): GroupTraining {
  const parts = splitGroups(x, config).map((part, index) =>
    train(part, groups?.[index] ?? ({} as Params), config.group, index),
  );
  const stacked = (name: 'ids' | 'loss') => {
    const tensors = parts.map((part) => part[name]).filter((tensor) => tensor !== undefined);
    return tensors.length === parts.length ? { [name]: tf.stack(tensors) } : {};
  };
  return {
    quantized: tf.concat(
      parts.map(({ quantized }) => quantized),
      -1,
    ),
    ...stacked('ids'),
    ...stacked('loss'),
  };
}
