import { canonicalJson } from '../checkpoint/canonical-json';
import type { Checkpoint } from '../checkpoint/checkpoint';
import { embeddedConfigs } from '../checkpoint/embedded-config';
import { fingerprint, seedFingerprint } from '../checkpoint/fingerprint';
import { assertFits, fitCheckpoint, type CheckpointFit } from '../checkpoint/fit-checkpoint';
import { openCheckpoint } from '../checkpoint/open-checkpoint';
import { randomWeights } from '../checkpoint/random-weights';
import { storedFiles, type StoredFiles } from '../checkpoint/stored-reader';
import { unwrapCheckpoint } from '../checkpoint/unwrap-checkpoint';
import type { WeightMap } from '../checkpoint/weight-map';
import type { Host } from '../checkpoint/weight-recipe';
import type { Engine, EngineName, EngineOptions, ModelFunction } from '../engine/engine';
import { leaseEngine } from '../engine/shared-engine';
import { ConfigError } from '../errors/config-error';
import { PretrainedError } from '../errors/pretrained-error';
import type { HubOptions } from '../hub/settings';
import type { Json } from '../signal/signal';
import type { WeightFile, WeightLicense } from '../tokenizer/tokenizer';
import { createModel, type Model } from './model';
import type { Preset } from './preset';
import { locateSource, type LocatedSource, type PretrainedSource } from './source';
import { assertSomethingFits, functionBytes, memoryLimit } from './weight-sizes';

export interface PretrainedOptions extends HubOptions {
  /** Default `auto`: the fastest that works here. An engine of your own stays yours to dispose. */
  readonly engine?: EngineName | 'auto' | Engine;
  /** Configuration where the weights carry none, in the official form. */
  readonly config?: Json;
  /** Folder that holds the weight file of a preset. */
  readonly folder?: string;
  /** Fill missing tensors at random and leave out unexpected ones; `info.fresh` lists what was filled. Default false. */
  readonly partial?: boolean;
  /** Memory that weights may take, bytes; more is an error before anything is read. Default: what can be had. */
  readonly memoryBytes?: number;
  readonly engineOptions?: EngineOptions;
}

export interface System<Config, T> {
  /** `image/titok`. */
  readonly id: string;
  readonly presets: Readonly<Record<string, Preset<Config>>>;
  /**
   * Opens weights: headers are read and checked, values on the first run.
   *
   * @throws {PretrainedError} The source is not found, cannot be downloaded, carries no configuration, or does not fit
   *   into memory.
   * @throws {CheckpointError} The file is damaged, or does not fit: one report of all keys.
   * @throws {ConfigError} The configuration is wrong.
   * @throws {EngineError} No such engine here.
   */
  fromPretrained(source: PretrainedSource, options?: PretrainedOptions): Promise<T>;
  /** Random weights of a trained model's scale; the same seed gives the same. Default seed 0. */
  fromConfig(
    config: Config,
    options?: {
      readonly seed?: number;
      readonly engine?: EngineName | 'auto' | Engine;
      readonly engineOptions?: EngineOptions;
    },
  ): Promise<T>;
}

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

/** What only the parity harness, the registry and export reach. */
export interface SystemInternals<Config> {
  openModel(source: PretrainedSource, options: OpenModelOptions<Config>): Promise<Model<Config>>;
  /** Bytes in memory of each model function of a preset, from its configuration alone. */
  memoryOf(preset: string): Readonly<Record<string, number>>;
  /** What does not fit, for each preset and for the configuration beside the file, if it is one of this system. */
  fits(checkpoint: Checkpoint, config?: Json): readonly PresetFit[];
  readonly definition: Pick<SystemDefinition<Config, unknown, unknown>, 'weights' | 'parseConfig' | 'library'>;
}

/** `preset` is null for a configuration that is no preset's. */
export interface PresetFit {
  readonly preset: string | null;
  readonly fit: CheckpointFit<unknown>;
}

export interface OpenModelOptions<Config> extends PretrainedOptions {
  /** A parsed configuration: goes before everything else. */
  readonly parsedConfig?: Config;
  readonly collectTaps?: boolean;
}

const internals = new WeakMap<object, SystemInternals<never>>();

export function systemInternals<Config>(system: System<Config, unknown>): SystemInternals<Config> {
  const found = internals.get(system);
  if (!found) throw new Error(`${system.id} was not made by defineSystem`);
  return found as unknown as SystemInternals<Config>;
}

/** Makes a system from its parts: one declaration of weights serves loading, random init, export and inspection. */
export function defineSystem<Config, Params, T>(definition: SystemDefinition<Config, Params, T>): System<Config, T> {
  const { id, presets, library, create } = definition;
  const openModel = (source: PretrainedSource, options: OpenModelOptions<Config>) =>
    openPretrained(definition, source, options);
  const system: System<Config, T> = {
    id,
    presets,
    async fromPretrained(source, options = {}) {
      return create(await openModel(source, options));
    },
    async fromConfig(config, { seed = 0, engine, engineOptions = {} } = {}) {
      const { tree } = randomWeights((map) => definition.weights(map, config), seed);
      const lease = await leaseEngine(engine);
      const identity = { id, variant: `random-${seed}`, library, fingerprint: await seedFingerprint(config, seed) };
      return create(
        createModel<Config, Params>({
          config,
          identity,
          license: { name: 'none', use: 'any' },
          pipeline: Object.values(presets)[0]?.pipeline ?? 'none',
          files: [],
          fresh: [],
          engine: lease.engine,
          engineOptions,
          weights: tree,
          functions: definition.functions(config),
          close: () => lease.release(),
        }),
      );
    },
  };
  const found: SystemInternals<Config> = {
    openModel,
    memoryOf: (preset) => presetBytes(definition, preset),
    fits(checkpoint, config) {
      const inner = unwrap(definition, checkpoint);
      const files = storedFiles();
      if (config === undefined)
        return [...fitPresets(definition, inner, files), ...fitInside(definition, inner, files)];
      const chosen = withPresetOf(definition, definition.parseConfig(config));
      const fit = fitCheckpoint(inner, (map) => definition.weights(map, chosen.config), files.read);
      return [{ preset: chosen.presetName ?? null, fit }];
    },
    definition: definition as unknown as SystemInternals<Config>['definition'],
  };
  internals.set(system, found as unknown as SystemInternals<never>);
  return system;
}

async function openPretrained<Config, Params, T>(
  definition: SystemDefinition<Config, Params, T>,
  source: PretrainedSource,
  options: OpenModelOptions<Config>,
): Promise<Model<Config>> {
  const { signal } = options;
  const located = await locateSource(source, definition.presets, {
    ...options,
    memoryOf: (preset) => presetBytes(definition, preset),
    ...(definition.bundledFile && { bundledFile: definition.bundledFile }),
  });
  const checkpoint = await openCheckpoint(located.weights, {
    ...(signal && { signal }),
    ...(located.shards && { shards: located.shards }),
    name: located.name,
  });
  const files = storedFiles();
  try {
    const inner = unwrap(definition, checkpoint);
    const chosen = chooseConfig(definition, located, inner, options, files);
    const fit = fitCheckpoint(
      inner,
      (map) => definition.weights(map, chosen.config),
      files.read,
      options.partial ?? false,
    );
    if (!options.partial) assertFits(fit, located.name, chosen.presetName ?? definition.id);
    const preset = chosen.presetName === undefined ? undefined : definition.presets[chosen.presetName];
    const lease = await leaseEngine(options.engine);
    try {
      const functions = definition.functions(chosen.config);
      const limit = options.memoryBytes ?? memoryLimit(lease.engine.report);
      assertSomethingFits(located.name, functionBytes(fit.tree, functions), limit);
      const identity = {
        id: definition.id,
        variant: chosen.presetName ?? 'custom',
        library: definition.library,
        fingerprint: await fingerprint(fit.mapped, files.read, signal),
      };
      return createModel<Config, Params>({
        config: chosen.config,
        identity,
        license: preset?.license ?? located.license ?? unknownLicense,
        pipeline: preset?.pipeline ?? Object.values(definition.presets)[0]?.pipeline ?? 'none',
        files: weightFiles(checkpoint, located),
        fresh: fit.missing,
        engine: lease.engine,
        engineOptions: { ...options.engineOptions, ...(options.collectTaps && { collectTaps: true }) },
        weights: fit.tree,
        functions,
        memoryBytes: options.memoryBytes,
        async close() {
          await lease.release();
          await files.close();
          await checkpoint.close();
        },
      });
    } catch (error) {
      await lease.release();
      throw error;
    }
  } catch (error) {
    await files.close();
    await checkpoint.close();
    throw error;
  }
}

/** Bytes in memory of each model function of a preset, from its configuration alone. */
function presetBytes<Config, Params, T>(
  { presets, weights, functions }: SystemDefinition<Config, Params, T>,
  preset: string,
): Readonly<Record<string, number>> {
  const { config } = presets[preset]!;
  return functionBytes(randomWeights((map) => weights(map, config), 0).tree, functions(config));
}

/** One file keeps the name that the user gave: in the Hugging Face cache the real file is named by its hash. */
function weightFiles({ files }: Checkpoint, { weights }: LocatedSource): readonly WeightFile[] {
  const given = files.length === 1 && typeof weights === 'string' ? weights : undefined;
  return files.map(({ path, bytes }) => ({ name: (given ?? path).split(/[\\/]/).at(-1)!, path, bytes }));
}

const unknownLicense: WeightLicense = { name: 'unknown', use: 'unknown' };

function unwrap<Config, Params, T>(
  definition: SystemDefinition<Config, Params, T>,
  checkpoint: Checkpoint,
): Checkpoint {
  return (definition.unwrap ?? unwrapCheckpoint)(checkpoint);
}

interface ChosenConfig<Config> {
  readonly config: Config;
  readonly presetName?: string;
}

/**
 * In this order: given by the caller, the file's own where it carries it, the preset's, the file's neighbour, the one
 * preset that the tensors fit.
 */
function chooseConfig<Config, Params, T>(
  definition: SystemDefinition<Config, Params, T>,
  located: LocatedSource,
  checkpoint: Checkpoint,
  options: OpenModelOptions<Config>,
  files: StoredFiles,
): ChosenConfig<Config> {
  if (options.parsedConfig !== undefined) return { config: options.parsedConfig };
  if (options.config !== undefined) return withPresetOf(definition, definition.parseConfig(options.config));
  const fileName = (typeof located.weights === 'string' ? located.weights : located.name).split(/[\\/]/).at(-1)!;
  const problems = ({ missing, unexpected, misshaped }: CheckpointFit<unknown>) =>
    missing.length + unexpected.length + misshaped.length;
  if (definition.carriesConfig) {
    const own = fitInside(definition, checkpoint, files).find(({ fit }) => problems(fit) === 0)?.chosen;
    if (own && located.presetName !== undefined) return { config: own.config, presetName: located.presetName };
    if (own) return withPresetOf(definition, own.config, fileName);
  }
  if (located.presetName !== undefined) {
    return { config: definition.presets[located.presetName]!.config, presetName: located.presetName };
  }
  const beside = configBeside(definition, located, fileName);
  if (beside && 'config' in beside) {
    const inferred = definition.inferConfig?.(checkpoint, beside.config);
    return inferred ? withPresetOf(definition, inferred, fileName) : beside;
  }
  const fits = fitPresets(definition, checkpoint, files);
  const fitting = fits.filter(({ fit }) => problems(fit) === 0);
  const inside = fitInside(definition, checkpoint, files).find(({ fit }) => problems(fit) === 0)?.chosen;
  const first = fitting[0];
  if (first) {
    const configs = new Set(fitting.map(({ preset }) => canonicalJson(definition.presets[preset]!.config)));
    if (configs.size === 1) return withPresetOf(definition, definition.presets[first.preset]!.config, fileName);
    if (inside) return inside;
    const names = fitting.map(({ preset }) => preset).join(', ');
    throw new PretrainedError(
      'ambiguous',
      located.name,
      `${located.name} fits several presets (${names}): name one, or give a config.`,
    );
  }
  if (inside) return inside;
  const inferred = definition.inferConfig?.(checkpoint);
  if (inferred) return withPresetOf(definition, inferred, fileName);
  if (beside) throw beside.error;
  if (located.configFault) throw located.configFault;
  const closest = fits.toSorted((a, b) => problems(a.fit) - problems(b.fit))[0];
  if (!closest)
    throw new PretrainedError(
      'no-config',
      located.name,
      `${located.name} carries no configuration: give one as config.`,
    );
  assertFits(closest.fit, located.name, `any preset of ${definition.id} (closest: ${closest.preset})`);
  throw new PretrainedError('no-config', located.name, `${located.name} carries no configuration: give one as config.`);
}

/** A `config.json` beside a file may be another model's: then the presets are tried, and its fault is told if none fits. */
function configBeside<Config, Params, T>(
  definition: SystemDefinition<Config, Params, T>,
  { config }: LocatedSource,
  fileName: string,
): ChosenConfig<Config> | { readonly error: ConfigError } | undefined {
  if (!config) return undefined;
  try {
    return withPresetOf(definition, definition.parseConfig(config.json), fileName);
  } catch (error) {
    if (error instanceof ConfigError) return { error };
    throw error;
  }
}

/** Configurations in the weight file itself that are ones of this system. */
function fitInside<Config, Params, T>(
  definition: SystemDefinition<Config, Params, T>,
  checkpoint: Checkpoint,
  files: StoredFiles,
): readonly (PresetFit & { readonly chosen: ChosenConfig<Config> })[] {
  return embeddedConfigs(checkpoint).flatMap(({ json }) => {
    try {
      const chosen = withPresetOf(definition, definition.parseConfig(json));
      const fit = fitCheckpoint(checkpoint, (map) => definition.weights(map, chosen.config), files.read);
      return [{ preset: chosen.presetName ?? null, fit, chosen }];
    } catch (error) {
      if (error instanceof ConfigError) return [];
      throw error;
    }
  });
}

/**
 * A configuration from a file that equals a preset's is that preset: its license and pipeline hold. Where presets
 * differ in their weights only, the name of the file says which one it is, or else it is taken for the first.
 */
function withPresetOf<Config, Params, T>(
  definition: SystemDefinition<Config, Params, T>,
  config: Config,
  fileName?: string,
): ChosenConfig<Config> {
  const text = canonicalJson(config);
  const equal = Object.entries(definition.presets).filter(([, preset]) => canonicalJson(preset.config) === text);
  const preset = equal.find(([, { source }]) => source.file.split('/').at(-1) === fileName) ?? equal[0];
  return preset ? { config, presetName: preset[0] } : { config };
}

function fitPresets<Config, Params, T>(
  definition: SystemDefinition<Config, Params, T>,
  checkpoint: Checkpoint,
  files: StoredFiles,
): readonly { readonly preset: string; readonly fit: CheckpointFit<unknown> }[] {
  return Object.entries(definition.presets).map(([preset, { config }]) => ({
    preset,
    fit: fitCheckpoint(checkpoint, (map) => definition.weights(map, config), files.read),
  }));
}
