import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { WeightMap } from '../checkpoint/weight-map';
import type { Host } from '../checkpoint/weight-recipe';
import { ConfigError } from '../errors/config-error';
import { tap } from '../nn/tap';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import { lookup, nearest } from './nearest';
import { defineQuantizer } from './quantizer';

export interface MemcodesConfig {
  /** Width of the vectors, a multiple of `heads`. */
  readonly dim: number;
  /** Codes of each head, K. */
  readonly codes: number;
  /** Parts of a vector that are quantized apart, one id each. Default 1. */
  readonly heads: number;
  /** Of the Gumbel-softmax in training. Default 1. */
  readonly temperature: number;
}

export interface MemcodesParams {
  /** `[heads, K, dim / heads]`. */
  readonly codes: tf.Tensor3D;
  /** `[heads, in, out]`. */
  readonly toKeys: tf.Tensor3D;
  /** `[heads, in, out]`. */
  readonly toValues: tf.Tensor3D;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const schema = v.object({
  dim: count,
  codebook_size: count,
  heads: v.nullish(count, 1),
  temperature: v.nullish(v.pipe(v.number(), v.gtValue(0)), 1),
});

/** @throws {ConfigError} */
function parseConfig(json: Json): MemcodesConfig {
  const where = 'memcodes';
  const { dim, codebook_size: codes, heads, temperature } = parseWith(schema, json, where);
  if (dim % heads !== 0) throw new ConfigError(`${where}: dim`, `a multiple of ${heads} heads`, String(dim));
  return { dim, codes, heads, temperature };
}

function weights(map: WeightMap, { dim, codes, heads }: MemcodesConfig): Host<MemcodesParams> {
  const width = dim / heads;
  return {
    codes: map.tensor('codes', [heads, codes, width], { role: 'codebook' }),
    toKeys: map.tensor('to_k.weight', [heads, width, width], { role: 'kernel' }),
    toValues: map.tensor('to_v.weight', [heads, width, width], { role: 'kernel' }),
  };
}

/** Keys that vectors are compared with and values that they become, `[heads, K, dim / heads]` each. */
export function memcodesTables({ codes, toKeys, toValues }: MemcodesParams): {
  readonly keys: tf.Tensor3D;
  readonly values: tf.Tensor3D;
} {
  return { keys: tf.matMul(codes, toKeys), values: tf.matMul(codes, toValues) };
}

/** `[..., dim]` to one `[N, dim / heads]` for each head, scaled by `(dim / heads)^-1/2`. */
export function memcodesQueries(z: tf.Tensor, { dim, heads }: MemcodesConfig): readonly tf.Tensor2D[] {
  const width = dim / heads;
  const scaled = tf.mul(tf.reshape(z, [z.size / dim, heads, width]), width ** -0.5);
  return tf.unstack(scaled, 1) as tf.Tensor2D[];
}

/**
 * `memcodes`: per head, the id of the key with the largest product, and its value (4M, arXiv 2406.09406; after
 * lucidrains' NWT). Keys and values are linear maps of the codes.
 *
 * `ids` and `margins` are `[...]` with one head and `[..., heads]` with more.
 */
export const memcodes = defineQuantizer<MemcodesConfig, MemcodesParams>({
  kind: 'memcodes',
  takesRows: true,
  parseConfig,
  weights,
  bitsPerToken: ({ codes }) => Math.log2(codes),
  encode: (z, params, config) =>
    tf.tidy(() => {
      const tables = memcodesTables(params);
      const keys = tf.unstack(tap('keys', tables.keys));
      const values = tf.unstack(tap('values', tables.values));
      const found = memcodesQueries(z, config).map((rows, head) =>
        nearest(rows, keys[head] as tf.Tensor2D, { metric: 'dot' }),
      );
      const chosen = found.map(({ ids }, head) => lookup(values[head] as tf.Tensor2D, ids));
      const leading = z.shape.slice(0, -1);
      const tokens = (parts: readonly tf.Tensor[]) =>
        tf.reshape(tf.stack([...parts], -1), config.heads === 1 ? leading : [...leading, config.heads]);
      return {
        ids: tokens(found.map(({ ids }) => ids)),
        margins: tokens(found.map(({ margins }) => margins)),
        codes: tf.reshape(tf.concat(chosen, -1), z.shape),
      };
    }),
  decode: (tokens, params, { dim, heads }) =>
    tf.tidy(() => {
      const values = tf.unstack(memcodesTables(params).values);
      const leading = heads === 1 ? tokens.shape : tokens.shape.slice(0, -1);
      const ids = tf.unstack(tf.reshape(tokens, [...leading, heads]), -1);
      const chosen = ids.map((own, head) => lookup(values[head] as tf.Tensor2D, own));
      return tf.reshape(tf.concat(chosen, -1), [...leading, dim]);
    }),
});
