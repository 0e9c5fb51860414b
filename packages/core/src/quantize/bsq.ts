import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { ConfigError } from '../errors/config-error';
import { ShapeError } from '../errors/shape-error';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import { bitSigns, bitsOfGroupIds, bitsOfIds, groupIds, idsOfBits, largestIdBits, signBits } from './bits';
import { l2Normalize } from './nearest';
import { defineQuantizer } from './quantizer';

export interface BsqConfig {
  /** Bits of a token. */
  readonly dim: number;
  /** Bits of a group: of its id, and of the distributions whose entropy is taken. */
  readonly groupSize: number;
  /** Codes have length 1, `±1/√dim`; otherwise they are ±1. */
  readonly l2Norm: boolean;
  /** Vectors are scaled to length 1 first, which the official model does in front of its quantizer. */
  readonly normalizesInput: boolean;
  /** Whether the entropies are those of groups or, `analytical`, those of single bits. */
  readonly sampleEntropy: 'group' | 'analytical';
  /** Weight of the commitment. */
  readonly beta: number;
  /** Weight of the entropy of one vector. */
  readonly gamma0: number;
  /** Weight of the entropy of the batch. */
  readonly gamma: number;
  /** Weight of both entropies. */
  readonly zeta: number;
  readonly inverseTemperature: number;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const schema = v.object({
  embed_dim: count,
  beta: v.nullish(v.number(), 0),
  gamma0: v.nullish(v.number(), 1),
  gamma: v.nullish(v.number(), 1),
  zeta: v.nullish(v.number(), 1),
  soft_entropy: v.nullish(v.boolean(), true),
  group_size: v.nullish(count, 9),
  persample_entropy_compute: v.nullish(v.picklist(['group', 'analytical']), 'group'),
  // Read and never used by the official code.
  cb_entropy_compute: v.nullish(v.picklist(['group', 'nce']), 'group'),
  l2_norm: v.nullish(v.boolean(), false),
  normalize_input: v.nullish(v.boolean()),
  inv_temperature: v.nullish(v.pipe(v.number(), v.minValue(Number.MIN_VALUE)), 1),
});

/** The options of `BinarySphericalQuantizer`, and `normalize_input`, by default as `l2_norm`. @throws {ConfigError} */
function parseConfig(json: Json): BsqConfig {
  const args = parseWith(schema, json, 'bsq');
  const { embed_dim: dim, group_size: groupSize } = args;
  if (dim % groupSize !== 0) throw new ConfigError('bsq: group_size', `a divisor of embed_dim ${dim}`, `${groupSize}`);
  if (!args.soft_entropy) {
    throw new ConfigError('bsq: soft_entropy', 'true: the official hard entropy reads an undefined variable', 'false');
  }
  return {
    dim,
    groupSize,
    l2Norm: args.l2_norm,
    normalizesInput: args.normalize_input ?? args.l2_norm,
    sampleEntropy: args.persample_entropy_compute,
    beta: args.beta,
    gamma0: args.gamma0,
    gamma: args.gamma,
    zeta: args.zeta,
    inverseTemperature: args.inv_temperature,
  };
}

/** The absolute value of every component of a code. */
export function bsqAmplitude({ dim, l2Norm }: BsqConfig): number {
  return l2Norm ? 1 / Math.sqrt(dim) : 1;
}

/** What the signs are taken of. @param z - `[..., dim]`. @throws {ShapeError} */
export function bsqLatents(z: tf.Tensor, { dim, normalizesInput }: BsqConfig): tf.Tensor {
  if (z.shape.at(-1) !== dim) throw new ShapeError('bsq: vectors', `[..., ${dim}]`, z.shape);
  return normalizesInput ? l2Normalize(z) : z;
}

/** Tokens of bits `[..., dim]`: whole ids up to 31 bits, and ids of groups `[..., dim / groupSize]`. */
export function bsqIds(
  bits: tf.Tensor,
  config: BsqConfig,
): { readonly ids?: tf.Tensor; readonly bits: tf.Tensor; readonly groupIds?: tf.Tensor } {
  return {
    ...(config.dim <= largestIdBits ? { ids: idsOfBits(bits, 'msb') } : {}),
    ...(config.groupSize <= largestIdBits ? { groupIds: groupIds(bits, groupsOf(config), 'msb') } : {}),
    bits,
  };
}

/** Codes of group ids, `[..., dim / groupSize]`, int32, to `[..., dim]`. */
export function decodeBsqGroups(ids: tf.Tensor, config: BsqConfig): tf.Tensor {
  return tf.tidy(() => bitSigns(bitsOfGroupIds(ids, groupsOf(config), 'msb'), bsqAmplitude(config)));
}

/**
 * Binary spherical quantization (arXiv 2406.07548; zhaoyue-zephyrus/bsq-vit, `transcoder/models/quantizer/bsq.py`): signs
 * of a vector of length 1. The first channel is the most significant bit.
 *
 * ids `[...]` up to 31 bits; beyond, where the official float sums are wrong, tokens are `bits` `[..., dim]`. `groupIds`
 * `[..., dim / groupSize]` in any case. The buffers `basis` and `group_basis` are ignored.
 */
export const bsqQuantizer = defineQuantizer<BsqConfig, object>({
  kind: 'bsq',
  parseConfig,
  weights(map) {
    map.ignore('basis', 'group_basis');
    return {};
  },
  bitsPerToken: ({ dim }) => dim,
  encode: (z, _params, config) =>
    tf.tidy(() => {
      const latents = bsqLatents(z, config);
      const bits = signBits(latents);
      return {
        ...bsqIds(bits, config),
        codes: bitSigns(bits, bsqAmplitude(config)),
        margins: tf.min(tf.abs(latents), -1),
      };
    }),
  decode: (tokens, _params, config) =>
    tf.tidy(() => {
      const bits = config.dim <= largestIdBits ? bitsOfIds(tokens, config.dim, 'msb') : tokens;
      return bitSigns(bits, bsqAmplitude(config));
    }),
});

function groupsOf({ dim, groupSize }: BsqConfig): number[] {
  return new Array<number>(dim / groupSize).fill(groupSize);
}
