import { canonicalJson } from '../checkpoint/canonical-json';
import type { Checkpoint } from '../checkpoint/checkpoint';
import { embeddedConfigs } from '../checkpoint/embedded-config';
import { type CheckpointFit, fitCheckpoint } from '../checkpoint/fit-checkpoint';
import type { StoredFiles } from '../checkpoint/stored-reader';
import { ConfigError } from '../errors/config-error';
import type { SystemDefinition } from './system-definition';

/** `preset` is null for a configuration that is no preset's. */
export interface PresetFit {
  readonly preset: string | null;
  readonly fit: CheckpointFit<unknown>;
}

/** A configuration, and the preset that has it. */
export interface ChosenConfig<Config> {
  readonly config: Config;
  readonly presetName?: string;
}

/** Configurations in the weight file itself that are ones of this system. */
export function fitInside<Config, Params, T>(
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
export function withPresetOf<Config, Params, T>(
  definition: SystemDefinition<Config, Params, T>,
  config: Config,
  fileName?: string,
): ChosenConfig<Config> {
  const text = canonicalJson(config);
  const equal = Object.entries(definition.presets).filter(([, preset]) => canonicalJson(preset.config) === text);
  const preset = equal.find(([, { source }]) => source.file.split('/').at(-1) === fileName) ?? equal[0];
  return preset ? { config, presetName: preset[0] } : { config };
}

/** How every preset fits. */
export function fitPresets<Config, Params, T>(
  definition: SystemDefinition<Config, Params, T>,
  checkpoint: Checkpoint,
  files: StoredFiles,
): readonly { readonly preset: string; readonly fit: CheckpointFit<unknown> }[] {
  return Object.entries(definition.presets).map(([preset, { config }]) => ({
    preset,
    fit: fitCheckpoint(checkpoint, (map) => definition.weights(map, config), files.read),
  }));
}
