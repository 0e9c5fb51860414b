import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { ShapeError } from '../errors/shape-error';
import { linear, type LinearParams } from '../nn/linear';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import { defineQuantizer } from './quantizer';

/** Binary latents: bits from a linear map, vectors as the sum of the embeddings of all set bits. */
export interface BinaryLatentConfig {
  /** Channels of the vectors that come in. */
  readonly dim: number;
  /** Bits of a token. */
  readonly bits: number;
  /** Channels of the vectors that come out. */
  readonly embeddingDim: number;
  /** Codes are -1 and 1 instead of 0 and 1, from a tanh instead of a sigmoid (ELM's `use_tanh`). */
  readonly signed: boolean;
  /** Training: logits are divided by this before bits are drawn (Instella-T2I). */
  readonly temperature: number;
  /** Whether the code penalty takes the sigmoid of values that have been through one already (ELM). */
  readonly squashesPenaltyTwice: boolean;
}

export interface BinaryLatentParams {
  /** `[dim, bits]`. */
  readonly projection: LinearParams;
  /** `[bits, embeddingDim]`. */
  readonly embedding: tf.Tensor2D;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const elmSchema = v.object({
  codebook_size: count,
  emb_dim: count,
  num_hiddens: count,
  use_tanh: v.nullish(v.boolean(), false),
});
const instellaSchema = v.object({
  codebook_size: count,
  emb_dim: count,
  num_latent_tokens: v.nullish(count),
  train_temp: v.nullish(v.pipe(v.number(), v.minValue(Number.MIN_VALUE)), 1),
  // Read and never used by the official code.
  use_tanh: v.nullish(v.boolean(), false),
});

/** The options of ELM's `BinaryQuantizer`. @throws {ConfigError} */
function parseElm(json: Json): BinaryLatentConfig {
  const args = parseWith(elmSchema, json, 'elm-bae');
  return {
    dim: args.num_hiddens,
    bits: args.codebook_size,
    embeddingDim: args.emb_dim,
    signed: args.use_tanh,
    temperature: 1,
    squashesPenaltyTwice: true,
  };
}

/** The options of Instella-T2I's `BinaryQuantizer`. @throws {ConfigError} */
function parseInstella(json: Json): BinaryLatentConfig {
  const args = parseWith(instellaSchema, json, 'instella');
  return {
    dim: args.emb_dim,
    bits: args.codebook_size,
    embeddingDim: args.emb_dim,
    signed: false,
    temperature: args.train_temp,
    squashesPenaltyTwice: false,
  };
}

export interface BinaryActivations {
  /** `[..., bits]`. */
  readonly logits: tf.Tensor;
  /** `[..., bits]`: the sigmoid, or the tanh where codes are signed. */
  readonly activations: tf.Tensor;
  /** `[..., bits]`: the probability of bit 1 without temperature. */
  readonly probabilities: tf.Tensor;
}

/** @param z - `[..., dim]`. @throws {ShapeError} The last axis has another length. */
export function binaryActivations(
  z: tf.Tensor,
  { projection }: BinaryLatentParams,
  { signed }: BinaryLatentConfig,
): BinaryActivations {
  const logits = linear(z, projection);
  const activations = signed ? tf.tanh(logits) : tf.sigmoid(logits);
  return { logits, activations, probabilities: signed ? tf.add(tf.mul(activations, 0.5), 0.5) : activations };
}

/** Values that weigh the embeddings: bits 0 and 1, or -1 and 1. */
export function bitValues(bits: tf.Tensor, { signed }: BinaryLatentConfig): tf.Tensor {
  return signed ? tf.mul(tf.sub(bits, 0.5), 2) : bits;
}

/** Mean of `p (1 - p)`: pulls probabilities to 0 and 1. */
export function codePenalty(
  { activations }: BinaryActivations,
  { squashesPenaltyTwice }: BinaryLatentConfig,
): tf.Scalar {
  const p = squashesPenaltyTwice ? tf.sigmoid(activations) : activations;
  return tf.mean(tf.mul(p, tf.sub(1, p))) as tf.Scalar;
}

/** Bits above probability 1/2, int32; exactly 1/2 gives 0. */
export function likelyBits(probabilities: tf.Tensor): tf.Tensor {
  return tf.cast(tf.greater(probabilities, 0.5), 'int32');
}

function quantizerOf(
  kind: string,
  parseConfig: (json: Json) => BinaryLatentConfig,
  layout: { readonly pointwise: 0 | 2; readonly embedding: string },
) {
  return defineQuantizer<BinaryLatentConfig, BinaryLatentParams>({
    kind,
    parseConfig,
    weights: (map, { dim, bits, embeddingDim }) => ({
      projection: map.linear('proj.0', dim, bits, { pointwise: layout.pointwise }),
      embedding: map.tensor(layout.embedding, [bits, embeddingDim]),
    }),
    bitsPerToken: ({ bits }) => bits,
    encode: (z, params, config) =>
      tf.tidy(() => {
        const { logits, activations, probabilities } = binaryActivations(z, params, config);
        const bits = likelyBits(probabilities);
        const margins = tf.min(tf.abs(tf.sub(probabilities, 0.5)), -1);
        return { bits, codes: embedBits(bits, params, config), margins, logits, activations };
      }),
    decode: (bits, params, config) => {
      if (bits.shape.at(-1) !== config.bits) throw new ShapeError(`${kind}: bits`, `[..., ${config.bits}]`, bits.shape);
      return tf.tidy(() => embedBits(bits, params, config));
    },
  });
}

/**
 * Binary latents of ELM (arXiv 2410.16257; Pepper-lll/LMforImageGeneration, `bae/binaryae.py`) in their deterministic
 * form. Tokens are `bits` `[..., bits]`; its autoregressive model takes groups of them, first bit most significant.
 */
export const elmBinaryQuantizer = quantizerOf('elm-bae', parseElm, { pointwise: 2, embedding: 'embed.weight' });

/** Binary latents of Instella-T2I (arXiv 2506.21022; AMD-AGI/Instella-T2I, `bae/bnl.py`). Tokens are `bits`. */
export const instellaBinaryQuantizer = quantizerOf('instella', parseInstella, { pointwise: 0, embedding: 'embed' });

function embedBits(bits: tf.Tensor, { embedding }: BinaryLatentParams, config: BinaryLatentConfig): tf.Tensor {
  return linear(bitValues(tf.cast(bits, 'float32'), config), { kernel: embedding });
}
