import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { WeightMap } from '../checkpoint/weight-map';
import type { Host } from '../checkpoint/weight-recipe';
import { ConfigError } from '../errors/config-error';
import { ShapeError } from '../errors/shape-error';
import { linear, type LinearParams } from '../nn/linear';

/** How channels are divided among several implicit codebooks, and whether linear maps lie around them. */
export interface CodebookLayout {
  /** Channels of the vectors that go in and come out. */
  readonly dim: number;
  /** Channels of one codebook. */
  readonly codebookDim: number;
  /** Codebooks side by side; each gives an id of its own. */
  readonly codebooks: number;
  /** Whether ids keep their last axis, one id a codebook; always with several. */
  readonly keepsCodebookAxis: boolean;
  /** Linear maps `dim -> codebooks · codebookDim` and back; by default where the two differ. */
  readonly hasProjections: boolean;
  /** Whether the maps have a bias. */
  readonly projectionBias: boolean;
}

/** The linear maps around the codebooks; absent where vectors already have their channels. */
export interface Projections {
  readonly projectIn?: LinearParams;
  readonly projectOut?: LinearParams;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(1));

/** Arguments of lucidrains' quantizers that describe a {@link CodebookLayout}. */
export const layoutArguments = {
  dim: v.nullish(count),
  num_codebooks: v.nullish(count, 1),
  keep_num_codebooks_dim: v.nullish(v.boolean()),
  projection_has_bias: v.nullish(v.boolean(), true),
};

/** @throws {ConfigError} Several codebooks without an axis for them. */
export function parseLayout(
  args: v.InferOutput<v.ObjectSchema<typeof layoutArguments, undefined>>,
  codebookDim: number,
  where: string,
): CodebookLayout {
  const { num_codebooks: codebooks, keep_num_codebooks_dim: keep } = args;
  const dim = args.dim ?? codebookDim * codebooks;
  if (codebooks > 1 && keep === false) {
    throw new ConfigError(`${where}: keep_num_codebooks_dim`, 'true with several codebooks', 'false');
  }
  return {
    dim,
    codebookDim,
    codebooks,
    keepsCodebookAxis: keep ?? codebooks > 1,
    hasProjections: dim !== codebookDim * codebooks,
    projectionBias: args.projection_has_bias,
  };
}

/** `project_in` and `project_out`, where the layout has them. */
export function projectionWeights(map: WeightMap, layout: CodebookLayout): Host<Projections> {
  const { dim, codebookDim, codebooks, hasProjections, projectionBias: bias } = layout;
  if (!hasProjections) return {};
  const width = codebooks * codebookDim;
  return {
    projectIn: map.linear('project_in', dim, width, { bias }),
    projectOut: map.linear('project_out', width, dim, { bias }),
  } as Host<Projections>;
}

/** `linear`, or the same vectors where there is no such map. */
export function project(x: tf.Tensor, layer: LinearParams | undefined): tf.Tensor {
  return layer ? linear(x, layer) : x;
}

/** `[..., C · d]` to `[..., C, d]`. @throws {ShapeError} The last axis has another length. */
export function splitCodebooks(x: tf.Tensor, { codebooks, codebookDim }: CodebookLayout, where: string): tf.Tensor {
  if (x.shape.at(-1) !== codebooks * codebookDim) {
    throw new ShapeError(`${where}: vectors`, `[..., ${codebooks * codebookDim}]`, x.shape);
  }
  return tf.reshape(x, [...x.shape.slice(0, -1), codebooks, codebookDim]);
}

/** `[..., C, d]` to `[..., C · d]`. */
export function mergeCodebooks(x: tf.Tensor): tf.Tensor {
  const [codebooks, codebookDim] = x.shape.slice(-2) as [number, number];
  return tf.reshape(x, [...x.shape.slice(0, -2), codebooks * codebookDim]);
}

/** `[..., C]` as the layout wants it: without the last axis where that is 1 and not kept. */
export function leaveCodebookAxis(ids: tf.Tensor, { keepsCodebookAxis }: CodebookLayout): tf.Tensor {
  return keepsCodebookAxis ? ids : tf.reshape(ids, ids.shape.slice(0, -1));
}

/** The inverse of {@link leaveCodebookAxis}. */
export function withCodebookAxis(ids: tf.Tensor, { keepsCodebookAxis }: CodebookLayout): tf.Tensor {
  return keepsCodebookAxis ? ids : tf.expandDims(ids, -1);
}

/** Vectors of every codebook turned by `[d, d]`: `x · rotation`. */
export function rotate(x: tf.Tensor, rotation: tf.Tensor2D | undefined, inverse = false): tf.Tensor {
  if (!rotation) return x;
  return tf.tidy(() => linear(x, { kernel: inverse ? tf.transpose(rotation) : rotation }));
}
