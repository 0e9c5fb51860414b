import { type Checkpoint, type Json, parseWith } from '@tesserae/core';
import * as v from 'valibot';
import { melBins } from './filter-bank';

/** What is done before projected patches are compared with codes. */
export type ProjectionNorm = 'length' | 'layer' | 'none';

/** The random-projection tokenizer of BEATs' first iteration (arXiv 2212.09058, section 3.2). */
export interface BeatsRandomConfig {
  /** Frames and bands of a patch. */
  readonly patchSize: number;
  /** Channels of a patch. */
  readonly patchWidth: number;
  readonly patchBias: boolean;
  /**
   * `length`: projected patches and codes are scaled to length 1 (BEST-RQ, arXiv 2202.01855); `layer`: patches get mean 0
   * and variance 1, codes stay as drawn (ESPnet); `none`: both as they are, the formula of the paper.
   */
  readonly norm: ProjectionNorm;
  readonly codebookSize: number;
  readonly codebookDim: number;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2 ** 20));

/** The official names where the tokenizer of the later iterations has the same sizes. */
const schema = v.object({
  input_patch_size: v.optional(v.pipe(count, v.maxValue(melBins)), 16),
  embed_dim: v.optional(count, 512),
  conv_bias: v.optional(v.boolean(), false),
  quant_n: v.optional(count, 1024),
  quant_dim: v.optional(count, 256),
  norm: v.optional(v.picklist(['length', 'layer', 'none']), 'length'),
});

/** @throws {ConfigError} A field is of a wrong kind. */
export function parseRandomConfig(json: Json): BeatsRandomConfig {
  const args = parseWith(schema, json, 'beats random projection config');
  return {
    patchSize: args.input_patch_size,
    patchWidth: args.embed_dim,
    patchBias: args.conv_bias,
    norm: args.norm,
    codebookSize: args.quant_n,
    codebookDim: args.quant_dim,
  };
}

/** What {@link parseRandomConfig} reads as this configuration. */
export function writeRandomConfig(config: BeatsRandomConfig): Json {
  return {
    input_patch_size: config.patchSize,
    embed_dim: config.patchWidth,
    conv_bias: config.patchBias,
    quant_n: config.codebookSize,
    quant_dim: config.codebookDim,
    norm: config.norm,
  };
}

/**
 * The configuration that the shapes of the tensors speak of: files of ESPnet carry none.
 *
 * @returns Undefined where the tensors are not those of a random projection.
 */
export function inferRandomConfig(checkpoint: Checkpoint, given?: BeatsRandomConfig): BeatsRandomConfig | undefined {
  const shapeOf = (key: string) => (checkpoint.has(key) ? checkpoint.shape(key) : []);
  const [patchWidth, , patchSize] = shapeOf('patch_embedding.weight');
  const [codebookSize, codebookDim] = shapeOf('random_projection_quantizer.codebook');
  if (!patchWidth || !patchSize || patchSize > melBins || !codebookSize || !codebookDim) return undefined;
  return {
    patchSize,
    patchWidth,
    patchBias: checkpoint.has('patch_embedding.bias'),
    norm: given?.norm ?? 'layer',
    codebookSize,
    codebookDim,
  };
}
