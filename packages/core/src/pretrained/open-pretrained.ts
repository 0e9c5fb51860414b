import type { Checkpoint } from '../checkpoint/checkpoint';
import { fingerprint } from '../checkpoint/fingerprint';
import { assertFits, fitCheckpoint } from '../checkpoint/fit-checkpoint';
import { openCheckpoint } from '../checkpoint/open-checkpoint';
import { storedFiles } from '../checkpoint/stored-reader';
import { leaseEngine } from '../engine/shared-engine';
import type { WeightFile, WeightLicense } from '../tokenizer/tokenizer';
import { chooseConfig } from './choose-config';
import { createModel, type Model } from './model';
import { type LocatedSource, locateSource, type PretrainedSource } from './source';
import type { PretrainedOptions } from './system';
import { presetBytes, type SystemDefinition, unwrapFor } from './system-definition';
import { assertSomethingFits, functionBytes, memoryLimit } from './weight-sizes';

export interface OpenModelOptions<Config> extends PretrainedOptions {
  /** A parsed configuration: goes before everything else. */
  readonly parsedConfig?: Config;
  readonly collectTaps?: boolean;
}

/** Opens a model: finds the weights, chooses the configuration, checks that they fit. Throws as `System.fromPretrained`. */
export async function openPretrained<Config, Params, T>(
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
    const inner = unwrapFor(definition, checkpoint);
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

/** One file keeps the name that the user gave: in the Hugging Face cache the real file is named by its hash. */
function weightFiles({ files }: Checkpoint, { weights }: LocatedSource): readonly WeightFile[] {
  const given = files.length === 1 && typeof weights === 'string' ? weights : undefined;
  return files.map(({ path, bytes }) => ({ name: (given ?? path).split(/[\\/]/).at(-1)!, path, bytes }));
}

const unknownLicense: WeightLicense = { name: 'unknown', use: 'unknown' };
