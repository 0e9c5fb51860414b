import * as tf from '@tensorflow/tfjs-core';
import { memcodesQueries, memcodesTables, type MemcodesConfig, type MemcodesParams } from '../../quantize/memcodes';
import { chooseRows, largestOf } from './soft-choice';

export interface MemcodesTraining {
  /** `[..., dim]`. */
  readonly quantized: tf.Tensor;
  /** `[...]` with one head, `[..., heads]` with more; int32. */
  readonly ids: tf.Tensor;
}

export interface MemcodesDraws {
  /** `[..., heads, K]` Gumbel noise, `-log(-log(u))` of uniform u. */
  readonly noise: tf.Tensor;
}

/**
 * The training form of `memcodes`: hard Gumbel-softmax over the keys of every head, with gradients to codes, keys and
 * values. It has no loss of its own.
 *
 * @param z - `[..., dim]`, float32.
 */
export function trainMemcodes(
  z: tf.Tensor,
  params: MemcodesParams,
  config: MemcodesConfig,
  { noise }: MemcodesDraws,
): MemcodesTraining {
  const tables = memcodesTables(params);
  const [keys, values] = [tf.unstack(tables.keys), tf.unstack(tables.values)] as [tf.Tensor2D[], tf.Tensor2D[]];
  const { heads, codes, temperature } = config;
  const noises = tf.unstack(tf.reshape(noise, [z.size / config.dim, heads, codes]), 1) as tf.Tensor2D[];
  const parts = memcodesQueries(z, config).map((rows, head) => {
    const logits = tf.matMul(rows, keys[head]!, false, true);
    const noisy = tf.div(tf.add(logits, noises[head]!), temperature) as tf.Tensor2D;
    const ids = largestOf(noisy);
    return { ids, values: chooseRows(tf.softmax(noisy), ids, values[head]!) };
  });
  const leading = z.shape.slice(0, -1);
  const ids = tf.stack(
    parts.map((part) => part.ids),
    -1,
  );
  const chosen = tf.concat(
    parts.map((part) => part.values),
    -1,
  );
  return {
    quantized: tf.reshape(chosen, z.shape),
    ids: tf.reshape(ids, heads === 1 ? leading : [...leading, heads]),
  };
}
