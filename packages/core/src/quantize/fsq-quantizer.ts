import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { WeightMap } from '../checkpoint/weight-map';
import type { Host } from '../checkpoint/weight-recipe';
import { ConfigError } from '../errors/config-error';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import {
  layoutArguments,
  leaveCodebookAxis,
  mergeCodebooks,
  parseLayout,
  project,
  projectionWeights,
  rotate,
  splitCodebooks,
  withCodebookAxis,
  type CodebookLayout,
  type Projections,
} from './codebook-layout';
import {
  fsqCodes,
  fsqDigits,
  fsqDigitsOfIds,
  fsqIds,
  fsqMargins,
  fsqVocabularySize,
  type FsqConfig,
  type FsqOptions,
} from './fsq';
import { placeValues } from './integer-division';
import { defineQuantizer } from './quantizer';

export interface FsqQuantizerConfig extends FsqConfig, CodebookLayout {
  /** False where there are too many codes to count: tokens are digits, `[..., C, d]`. */
  readonly returnsIds: boolean;
  /** Ids from float codes, cut off instead of rounded, as Cosmos and older code do: sometimes one too low. */
  readonly truncatesIds: boolean;
  /** Turn the vectors of every codebook by an orthogonal matrix before, and back after. */
  readonly orthogonalRotation: boolean;
  /** Training: the share of components that get noise of up to half of -1..1 after quantization. */
  readonly noiseDropout: number;
}

export interface FsqParams extends Projections {
  /** `[d, d]`. */
  readonly rotation?: tf.Tensor2D;
}

/**
 * Levels of published models by the number of bits that they come close to: those of the paper (arXiv 2309.15505,
 * table 1). Cosmos has those of 16 bits.
 */
export const fsqLevelPresets: Readonly<Record<8 | 10 | 12 | 14 | 16, readonly number[]>> = {
  8: [8, 6, 5],
  10: [8, 5, 5, 5],
  12: [7, 5, 5, 5, 5],
  14: [8, 8, 8, 6, 5],
  16: [8, 8, 8, 5, 5, 5],
};

export const levelsArgument = v.pipe(v.array(v.pipe(v.number(), v.integer(), v.minValue(2))), v.minLength(1));
const schema = v.object({
  ...layoutArguments,
  levels: levelsArgument,
  return_indices: v.nullish(v.boolean(), true),
  preserve_symmetry: v.nullish(v.boolean(), false),
  noise_dropout: v.nullish(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 0),
  bound_hard_clamp: v.nullish(v.boolean(), false),
  orthogonal_rotation: v.nullish(v.boolean(), false),
});

/** The options of lucidrains' `FSQ`. @throws {ConfigError} */
export function parseFsqConfig(json: Json, where = 'fsq'): FsqQuantizerConfig {
  const args = parseWith(schema, json, where);
  const { levels, preserve_symmetry: symmetric, noise_dropout: noiseDropout } = args;
  if (levels.includes(2) && !symmetric) {
    throw new ConfigError(`${where}: levels`, 'at least 3 each without preserve_symmetry', levels.join(', '));
  }
  if (noiseDropout > 0 && !symmetric) {
    throw new ConfigError(`${where}: noise_dropout`, '0 without preserve_symmetry', String(noiseDropout));
  }
  return withinInt32(
    {
      ...parseLayout(args, levels.length, where),
      levels,
      bound: symmetric ? 'symmetric' : 'tanh',
      hardClamp: args.bound_hard_clamp,
      returnsIds: args.return_indices,
      truncatesIds: false,
      orthogonalRotation: args.orthogonal_rotation,
      noiseDropout,
    },
    where,
  );
}

const cosmosSchema = v.object({ ...layoutArguments, levels: levelsArgument });

/** The options of Cosmos' `FSQuantizer`; others are ignored, as there. @throws {ConfigError} */
export function parseCosmosFsqConfig(json: Json, where = 'cosmos-fsq'): FsqQuantizerConfig {
  const args = parseWith(cosmosSchema, json, where);
  return withinInt32(
    {
      ...parseLayout(args, args.levels.length, where),
      levels: args.levels,
      bound: 'tanh',
      returnsIds: true,
      truncatesIds: true,
      orthogonalRotation: false,
      noiseDropout: 0,
    },
    where,
  );
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

function withinInt32(config: FsqQuantizerConfig, where: string): FsqQuantizerConfig {
  const size = fsqVocabularySize(config);
  if (!config.returnsIds || size <= 2 ** 31) return config;
  throw new ConfigError(`${where}: levels`, 'at most 2^31 codes with return_indices', `${size}`);
}
