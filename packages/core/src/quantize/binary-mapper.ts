import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { ShapeError } from '../errors/shape-error';
import { parseWith } from '../tokenizer/parse-with';
import { likelyBits } from './binary';
import { idsOfBits } from './bits';
import { defineQuantizer } from './quantizer';

export interface BinaryMapperConfig {
  /** Bits of a code, 1..20: codes are written down as vectors of `2^bits`. */
  readonly bits: number;
  /** Training: how much less entropy than `bits` bits costs nothing, nats. Default one bit. */
  readonly freeNats: number;
}

const schema = v.object({
  bits: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(20)), 1),
  kl_loss_threshold: v.nullish(v.number(), Math.LN2),
});

/** Ids of bits `[..., bits]`, the first least significant, and their one-hot vectors `[..., 2^bits]`. */
export function oneHotOfBits(bits: tf.Tensor): { readonly ids: tf.Tensor; readonly oneHot: tf.Tensor } {
  const ids = idsOfBits(bits, 'lsb');
  return { ids, oneHot: tf.oneHot(ids, 2 ** bits.shape.at(-1)!) };
}

/**
 * The binary mapper of the free transformer (arXiv 2510.17558; `binary_mapper.py` of lucidrains/vector-quantize-pytorch):
 * logits of bits to a one-hot vector of the code. Here without randomness: bits above probability 1/2. No weights.
 */
export const binaryMapperQuantizer = defineQuantizer<BinaryMapperConfig, object>({
  kind: 'binary-mapper',
  parseConfig(json) {
    const { bits, kl_loss_threshold: freeNats } = parseWith(schema, json, 'binary-mapper');
    return { bits, freeNats };
  },
  weights: () => ({}),
  bitsPerToken: ({ bits }) => bits,
  encode: (logits, _params, { bits: count }) => {
    if (logits.shape.at(-1) !== count) throw new ShapeError('binary-mapper: logits', `[..., ${count}]`, logits.shape);
    return tf.tidy(() => {
      const probabilities = tf.sigmoid(logits);
      const bits = likelyBits(probabilities);
      const { ids, oneHot } = oneHotOfBits(bits);
      return { ids, bits, codes: tf.cast(oneHot, 'float32'), margins: tf.min(tf.abs(tf.sub(probabilities, 0.5)), -1) };
    });
  },
  decode: (ids, _params, { bits }) => tf.tidy(() => tf.cast(tf.oneHot(ids, 2 ** bits), 'float32')),
});
