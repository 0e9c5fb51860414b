import type * as tf from '@tensorflow/tfjs-core';
import type { WeightMap } from '../checkpoint/weight-map';
import type { Host } from '../checkpoint/weight-recipe';
import type { Tensors } from '../engine/engine';
import type { Json } from '../signal/signal';

/** What every quantizer gives for a batch of vectors; a kind may add tensors of its own. */
export type QuantizedVectors = Tensors & {
  /** Ids, int32, in the axis order that the quantizer documents; absent where a token has more than 31 bits. */
  readonly ids?: tf.Tensor;
  /** `[..., bits]`, int32 0 or 1 in channel order: instead of ids, or beside them. */
  readonly bits?: tf.Tensor;
  /** The vectors that a decoder sees; what {@link Quantizer.decode} gives for the same ids or bits. */
  readonly codes: tf.Tensor;
  /** How far the closest decision was from another one; scale-free where there are codes, digits or latents otherwise. */
  readonly margins?: tf.Tensor;
};

/**
 * One kind of quantizer: its configuration, its tensors under their official keys, and pure functions over them.
 *
 * `encode` and `decode` hold no state, draw no random numbers and read no values, so that every engine runs them and the
 * compiled one traces them. Training forms of the same kind lie in `train/quantize`.
 */
export interface Quantizer<Config, Params> {
  /** `vq`, `residual-fsq`. */
  readonly kind: string;
  /** Every published option, in the official spelling; absent options take the official defaults. @throws {ConfigError} */
  readonly parseConfig: (json: Json) => Config;
  /** Which official tensor fills which parameter; statistics and losses are ignored by name. */
  readonly weights: (map: WeightMap, config: Config) => Host<Params>;
  /** Bits that one token carries, `log2` of the number of codes. */
  readonly bitsPerToken: (config: Config) => number;
  /** Each vector is quantized by itself: any number of them may be encoded a block of rows at a time. */
  readonly takesRows?: true;
  /** @param z - `[..., D]`, float32, channels last. */
  readonly encode: (z: tf.Tensor, params: Params, config: Config) => QuantizedVectors;
  /** @param tokens - `ids`, or `bits` where the kind has no ids. -1 contributes nothing where layers may be dropped. */
  readonly decode: (tokens: tf.Tensor, params: Params, config: Config) => tf.Tensor;
}

/** Keeps the types of a quantizer while it is written down. */
export function defineQuantizer<Config, Params>(quantizer: Quantizer<Config, Params>): Quantizer<Config, Params> {
  return quantizer;
}
