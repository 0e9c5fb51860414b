import { canonicalJson } from '../checkpoint/canonical-json';
import type { Checkpoint } from '../checkpoint/checkpoint';
import { assertFits, type CheckpointFit } from '../checkpoint/fit-checkpoint';
import type { StoredFiles } from '../checkpoint/stored-reader';
import { ConfigError } from '../errors/config-error';
import { PretrainedError } from '../errors/pretrained-error';
import type { OpenModelOptions } from './open-pretrained';
import { type ChosenConfig, fitInside, fitPresets, withPresetOf } from './preset-fit';
import type { LocatedSource } from './source';
import type { SystemDefinition } from './system-definition';

/**
 * In this order: given by the caller, the file's own where it carries it, the preset's, the file's neighbour, the one
 * preset that the tensors fit.
 */
export function chooseConfig<Config, Params, T>(
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
