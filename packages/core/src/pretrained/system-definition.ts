import type { Checkpoint } from '../checkpoint/checkpoint';
import { randomWeights } from '../checkpoint/random-weights';
import { unwrapCheckpoint } from '../checkpoint/unwrap-checkpoint';
import type { WeightMap } from '../checkpoint/weight-map';
import type { Host } from '../checkpoint/weight-recipe';
import type { ModelFunction } from '../engine/engine';
import type { Json } from '../signal/signal';
import type { Model } from './model';
import type { Preset } from './preset';
import { functionBytes } from './weight-sizes';

export interface SystemDefinition<Config, Params, T> {
  readonly id: string;
  /** `@tesserae/image@0.3.0`: stands in the tokens. */
  readonly library: string;
  readonly presets: Readonly<Record<string, Preset<Config>>>;
  /** From a file beside the weights (JSON, YAML) or from within them (safetensors metadata, fields of a pickle). @throws {ConfigError} */
  readonly parseConfig: (json: Json) => Config;
  readonly weights: (map: WeightMap, config: Config) => Host<Params>;
  readonly functions: (config: Config) => Readonly<Record<string, ModelFunction<Params>>>;
  readonly create: (model: Model<Config>) => T;
  /** Finds the state dict inside a container; default: through the usual nestings (`state_dict`, `model`, `ema`). */
  readonly unwrap?: (checkpoint: Checkpoint) => Checkpoint;
  /**
   * The configuration that the shapes of the tensors speak of, where no other fits; `given` is the one beside the file.
   * Undefined where they are not those of this system.
   */
  readonly inferConfig?: (checkpoint: Checkpoint, given?: Config) => Config | undefined;
  /**
   * Weight files carry the whole configuration, of which shapes do not show everything: one that fits goes before that
   * of a preset. Default false.
   */
  readonly carriesConfig?: boolean;
  /** Path of a file of the package that bundles a starter model. */
  readonly bundledFile?: (file: string) => string | undefined;
}

/** The state dict inside a container. */
export function unwrapFor<Config, Params, T>(
  definition: SystemDefinition<Config, Params, T>,
  checkpoint: Checkpoint,
): Checkpoint {
  return (definition.unwrap ?? unwrapCheckpoint)(checkpoint);
}

/** Bytes in memory of each model function of a preset, from its configuration alone. */
export function presetBytes<Config, Params, T>(
  { presets, weights, functions }: SystemDefinition<Config, Params, T>,
  preset: string,
): Readonly<Record<string, number>> {
  const { config } = presets[preset]!;
  return functionBytes(randomWeights((map) => weights(map, config), 0).tree, functions(config));
}
