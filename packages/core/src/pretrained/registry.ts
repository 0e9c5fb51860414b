import type { Checkpoint } from '../checkpoint/checkpoint';
import { openCheckpoint } from '../checkpoint/open-checkpoint';
import { ConfigError } from '../errors/config-error';
import { PretrainedError } from '../errors/pretrained-error';
import type { HubOptions } from '../hub/settings';
import type { Json, Modality } from '../signal/signal';
import type { WeightLicense } from '../tokenizer/tokenizer';
import { nearestNames } from './nearest-names';
import type { Preset } from './preset';
import { isPath, locateSource, type PretrainedSource } from './source';
import type { PretrainedOptions, System } from './system';
import { systemInternals } from './system-internals';

/** A preset as a list shows it. */
export interface PresetSummary {
  readonly name: string;
  /** `image/titok`. */
  readonly system: string;
  readonly license: WeightLicense;
  readonly parameters?: number;
  /** Bytes to download. */
  readonly bytes?: number;
  /** Bytes in memory of each model function's weights as float32, `{ encode, decode }`; absent without models. */
  readonly memoryBytes?: Readonly<Record<string, number>>;
  readonly paper: string;
  readonly source: Preset<unknown>['source'];
}

export interface Inspection {
  /** The system that the tensors look like; null where none does. */
  readonly system: string | null;
  /** The preset that they fit exactly. */
  readonly preset: string | null;
  /** What keeps the closest preset from loading. Empty where one fits. */
  readonly problems: readonly string[];
}

export type InspectOptions = HubOptions & Pick<PretrainedOptions, 'folder'>;

/** All systems of one modality, loaded when they are asked for. */
export interface Registry<T> {
  readonly modality: Modality;
  list(): Promise<readonly PresetSummary[]>;
  systems(): Promise<readonly System<unknown, T>[]>;
  /** By preset name, or by whatever a system's `fromPretrained` takes: the tensors decide which system it is. */
  fromPretrained(source: PretrainedSource, options?: PretrainedOptions): Promise<T>;
  inspect(source: PretrainedSource, options?: InspectOptions): Promise<Inspection>;
}

export interface RegistryEntry<T> {
  readonly presets: readonly string[];
  readonly load: () => Promise<System<unknown, T>>;
}

export function defineRegistry<T>(
  modality: Modality,
  entries: Readonly<Record<string, RegistryEntry<T>>>,
): Registry<T> {
  const all = Object.values(entries);
  const systems = () => Promise.all(all.map(({ load }) => load()));
  const presetNames = all.flatMap(({ presets }) => presets);

  const inspect = async (source: PretrainedSource, options: InspectOptions = {}): Promise<Inspection> => {
    const loaded = await systems();
    const presets = Object.assign({}, ...loaded.map((system) => system.presets)) as Readonly<
      Record<string, Preset<unknown>>
    >;
    const located = await locateSource(source, presets, options);
    const { signal } = options;
    const checkpoint = await openCheckpoint(located.weights, {
      ...(signal && { signal }),
      ...(located.shards && { shards: located.shards }),
      name: located.name,
    });
    try {
      const candidates = loaded.flatMap((system) =>
        fitsOf(system, checkpoint, located.config?.json).map(({ preset, fit }) => ({
          system: system.id,
          preset,
          shared: sharedNames(fit),
          problems: describeFit(fit),
        })),
      );
      // Two systems may share a graph: the one that has published exactly this goes first.
      const best = candidates.toSorted(
        (a, b) =>
          Number(a.problems.length > 0) - Number(b.problems.length > 0) ||
          b.shared - a.shared ||
          a.problems.length - b.problems.length ||
          Number(a.preset === null) - Number(b.preset === null),
      )[0];
      if (!best || best.shared === 0) return { system: null, preset: null, problems: ['no known tensor names'] };
      return { system: best.system, preset: best.problems.length === 0 ? best.preset : null, problems: best.problems };
    } finally {
      await checkpoint.close();
    }
  };
  return {
    modality,
    systems,
    inspect,
    async list() {
      const loaded = await systems();
      return loaded.flatMap((system) =>
        Object.entries(system.presets).map(([name, preset]) => summary(name, system, preset)),
      );
    },
    async fromPretrained(source, options) {
      if (typeof source === 'string' && !isPath(source) && !source.includes('/')) {
        const entry = all.find(({ presets }) => presets.includes(source));
        if (entry) return (await entry.load()).fromPretrained(source, options);
        const near = nearestNames(source, presetNames);
        throw new PretrainedError(
          'unknown-preset',
          source,
          `No preset is called '${source}'. Did you mean ${near.join(', ')}? A path starts with ./ or /.`,
        );
      }
      const { system: id, problems } = await inspect(source, options);
      const system = (await systems()).find((candidate) => candidate.id === id);
      if (system) return system.fromPretrained(source, options);
      throw new PretrainedError(
        'not-found',
        String(source),
        `The tensors are those of no ${modality} tokenizer here (${problems.join('; ')}).`,
      );
    },
  };
}

function summary(
  name: string,
  system: System<unknown, unknown>,
  { license, parameters, paper, source }: Preset<unknown>,
): PresetSummary {
  return {
    name,
    system: system.id,
    license,
    memoryBytes: systemInternals(system).memoryOf(name),
    paper,
    source,
    ...(parameters !== undefined && { parameters }),
    ...(source.bytes !== undefined && { bytes: source.bytes }),
  };
}

/** How much of the names of a file and of a model is common to both, 0 to 1: sizes differ within one system. */
function sharedNames({
  mapped,
  missing,
  unexpected,
}: Parameters<typeof describeFit>[0] & { readonly mapped: readonly unknown[] }): number {
  return mapped.length / Math.max(1, mapped.length + missing.length + unexpected.length);
}

function describeFit({
  missing,
  unexpected,
  misshaped,
}: {
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
  readonly misshaped: readonly { readonly key: string }[];
}): string[] {
  return [
    ...missing.map((key) => `missing ${key}`),
    ...unexpected.map((key) => `unexpected ${key}`),
    ...misshaped.map(({ key }) => `another shape: ${key}`),
  ];
}

/** With the configuration beside the file where it is one of this system's, with the presets otherwise. */
function fitsOf(system: System<unknown, unknown>, checkpoint: Checkpoint, config: Json | undefined) {
  const { fits } = systemInternals(system);
  try {
    return fits(checkpoint, config);
  } catch (error) {
    if (error instanceof ConfigError) return fits(checkpoint);
    throw error;
  }
}
