import * as v from 'valibot';
import { ConfigError } from '../errors/config-error';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import { layoutArguments, parseLayout, type CodebookLayout } from './codebook-layout';
import { fsqVocabularySize, type FsqConfig } from './fsq';

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

function withinInt32(config: FsqQuantizerConfig, where: string): FsqQuantizerConfig {
  const size = fsqVocabularySize(config);
  if (!config.returnsIds || size <= 2 ** 31) return config;
  throw new ConfigError(`${where}: levels`, 'at most 2^31 codes with return_indices', `${size}`);
}
