import * as v from 'valibot';
import { ConfigError } from '../errors/config-error';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import { levelsArgument, parseCosmosFsqConfig, parseFsqConfig, type FsqQuantizerConfig } from './fsq-config';
import { dropoutArguments, parseLayerDropout, type LayerDropout } from './layer-dropout';

export interface ResidualFsqConfig extends LayerDropout {
  /** Channels of the vectors; a linear map leads to the levels where they differ in number. */
  readonly dim: number;
  readonly layers: number;
  /** The quantizer of every layer. */
  readonly layer: FsqQuantizerConfig;
  /** Layer i counts in steps of `levels^-i` (lucidrains); otherwise all layers count alike (Cosmos). */
  readonly scalesLayers: boolean;
  /** Vectors are first bent to `c · tanh(x / c)`, one c a component. */
  readonly softClamp?: readonly number[];
}

const positive = v.pipe(v.number(), v.minValue(Number.MIN_VALUE));
const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const schema = v.looseObject({
  ...dropoutArguments,
  levels: levelsArgument,
  num_quantizers: count,
  dim: v.nullish(count),
  soft_clamp_input_value: v.nullish(v.union([positive, v.array(positive)])),
  bound_hard_clamp: v.nullish(v.boolean(), true),
});

/** The options of lucidrains' `ResidualFSQ`; those of its layers beside them. @throws {ConfigError} */
export function parseResidualFsqConfig(json: Json): ResidualFsqConfig {
  const where = 'residual-fsq';
  const {
    levels,
    num_quantizers: layers,
    dim,
    soft_clamp_input_value: given,
    ...args
  } = parseWith(schema, json, where);
  const hardClamp = args.bound_hard_clamp;
  if (hardClamp && given != null) {
    throw new ConfigError(`${where}: soft_clamp_input_value`, 'none with bound_hard_clamp', String(given));
  }
  const layer = parseFsqConfig(
    {
      ...(args as Record<string, Json>),
      levels,
      dim: levels.length,
      preserve_symmetry: true,
      bound_hard_clamp: hardClamp,
    },
    where,
  );
  const soft = typeof given === 'number' ? levels.map(() => given) : given;
  if (soft && soft.length !== levels.length) {
    throw new ConfigError(`${where}: soft_clamp_input_value`, `${levels.length} numbers`, `${soft.length}`);
  }
  const softClamp = hardClamp ? levels.map((level) => 1 + 1 / (level - 1)) : soft;
  return {
    ...parseLayerDropout(args, layers, where),
    dim: dim ?? levels.length,
    layers,
    layer,
    scalesLayers: true,
    ...(softClamp ? { softClamp } : {}),
  };
}

const cosmosSchema = v.looseObject({ levels: levelsArgument, num_quantizers: count });

/** The options of Cosmos' `ResidualFSQuantizer`. @throws {ConfigError} */
export function parseCosmosResidualFsqConfig(json: Json): ResidualFsqConfig {
  const where = 'cosmos-residual-fsq';
  const { levels, num_quantizers: layers } = parseWith(cosmosSchema, json, where);
  return {
    ...parseLayerDropout({}, layers, where),
    dim: levels.length,
    layers,
    layer: parseCosmosFsqConfig({ levels }, where),
    scalesLayers: false,
  };
}
