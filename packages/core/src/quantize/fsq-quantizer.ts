import * as tf from '@tensorflow/tfjs-core';
import type { WeightMap } from '../checkpoint/weight-map';
import type { Host } from '../checkpoint/weight-recipe';
import type { Json } from '../signal/signal';
import {
  leaveCodebookAxis,
  mergeCodebooks,
  project,
  projectionWeights,
  rotate,
  splitCodebooks,
  withCodebookAxis,
  type Projections,
} from './codebook-layout';
import { fsqCodes, fsqDigits, fsqDigitsOfIds, fsqIds, fsqMargins, type FsqOptions } from './fsq';
import { parseCosmosFsqConfig, parseFsqConfig, type FsqQuantizerConfig } from './fsq-config';
import { placeValues } from './integer-division';
import { defineQuantizer } from './quantizer';

export interface FsqParams extends Projections {
  /** `[d, d]`. */
  readonly rotation?: tf.Tensor2D;
}

/** The projections where there are some, and the rotation. */
export function fsqWeights(map: WeightMap, config: FsqQuantizerConfig): Host<FsqParams> {
  const { codebookDim, orthogonalRotation } = config;
  return {
    ...projectionWeights(map, config),
    ...(orthogonalRotation ? { rotation: map.tensor('orthogonal_rot', [codebookDim, codebookDim]) } : {}),
  } as Host<FsqParams>;
}

export interface QuantizedLevels {
  /** `[..., C, d]`, whole numbers as float32. */
  readonly digits: tf.Tensor;
  /** `[..., C, d]`, before rotation and projection back. */
  readonly codes: tf.Tensor;
  /** `[..., C, d]`, what was quantized. */
  readonly latents: tf.Tensor;
}

/** Projects in, and quantizes every codebook. @param z - `[..., dim]`. @throws {ShapeError} */
export function quantizeLevels(
  z: tf.Tensor,
  params: FsqParams,
  config: FsqQuantizerConfig,
  options: FsqOptions = {},
): QuantizedLevels {
  const split = splitCodebooks(project(z, params.projectIn), config, 'fsq');
  const latents = rotate(split, params.rotation);
  const digits = fsqDigits(latents, config, options);
  return { latents, digits, codes: fsqCodes(digits, config) };
}

/** Codes `[..., C, d]` to the vectors that leave, `[..., dim]`. */
export function vectorsOfCodes(codes: tf.Tensor, params: FsqParams): tf.Tensor {
  return project(mergeCodebooks(rotate(codes, params.rotation, true)), params.projectOut);
}

/** Ids of quantized levels, with the codebook axis as the configuration wants it. */
export function idsOfLevels({ digits, codes }: QuantizedLevels, config: FsqQuantizerConfig): tf.Tensor {
  const ids = config.truncatesIds ? truncatedIds(codes, config.levels) : fsqIds(digits, config);
  return leaveCodebookAxis(ids, config);
}

function quantizerOf(kind: string, parseConfig: (json: Json) => FsqQuantizerConfig) {
  return defineQuantizer<FsqQuantizerConfig, FsqParams>({
    kind,
    parseConfig,
    weights: fsqWeights,
    bitsPerToken: ({ levels, codebooks }) => codebooks * levels.reduce((bits, count) => bits + Math.log2(count), 0),
    encode: (z, params, config) =>
      tf.tidy(() => {
        const quantized = quantizeLevels(z, params, config);
        return {
          ...(config.returnsIds ? { ids: idsOfLevels(quantized, config) } : {}),
          digits: tf.cast(quantized.digits, 'int32'),
          codes: vectorsOfCodes(quantized.codes, params),
          margins: leaveCodebookAxis(fsqMargins(quantized.latents, config), config),
        };
      }),
    decode: (tokens, params, config) =>
      tf.tidy(() => {
        const digits = config.returnsIds
          ? fsqDigitsOfIds(withCodebookAxis(tokens, config), config)
          : tf.cast(tokens, 'float32');
        return vectorsOfCodes(fsqCodes(digits, config), params);
      }),
  });
}

/**
 * Finite scalar quantization (arXiv 2309.15505) with every option of lucidrains/vector-quantize-pytorch 1.31: several
 * codebooks, projections, symmetric levels, hard clamp, rotation. ids `[...]`, or `[..., C]` with several codebooks.
 */
export const fsqQuantizer = quantizerOf('fsq', parseFsqConfig);

/** The same as NVIDIA/Cosmos-Tokenizer has it, `cosmos_tokenizer/modules/quantizers.py`: ids are truncated. */
export const cosmosFsqQuantizer = quantizerOf('cosmos-fsq', parseCosmosFsqConfig);

/** `trunc(Σ (code · h + h) · base)`, h half of the levels, in float32. */
function truncatedIds(codes: tf.Tensor, levels: readonly number[]): tf.Tensor {
  const half = tf.tensor1d(levels.map((count) => count >> 1));
  const digits = tf.add(tf.mul(codes, half), half);
  return tf.cast(tf.sum(tf.mul(digits, tf.tensor1d(placeValues(levels))), -1), 'int32');
}
