import { seedFingerprint } from '../checkpoint/fingerprint';
import { fitCheckpoint } from '../checkpoint/fit-checkpoint';
import { randomWeights } from '../checkpoint/random-weights';
import { storedFiles } from '../checkpoint/stored-reader';
import { leaseEngine } from '../engine/shared-engine';
import { createModel } from './model';
import { type OpenModelOptions, openPretrained } from './open-pretrained';
import { fitInside, fitPresets, withPresetOf } from './preset-fit';
import type { PretrainedSource } from './source';
import type { System } from './system';
import { presetBytes, type SystemDefinition, unwrapFor } from './system-definition';
import { keepInternals, type SystemInternals } from './system-internals';

export { systemInternals } from './system-internals';

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
  keepInternals(system, {
    openModel,
    memoryOf: (preset) => presetBytes(definition, preset),
    fits(checkpoint, config) {
      const inner = unwrapFor(definition, checkpoint);
      const files = storedFiles();
      if (config === undefined)
        return [...fitPresets(definition, inner, files), ...fitInside(definition, inner, files)];
      const chosen = withPresetOf(definition, definition.parseConfig(config));
      const fit = fitCheckpoint(inner, (map) => definition.weights(map, chosen.config), files.read);
      return [{ preset: chosen.presetName ?? null, fit }];
    },
    definition: definition as unknown as SystemInternals<Config>['definition'],
  });
  return system;
}
