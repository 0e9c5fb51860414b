import type { Checkpoint } from '../checkpoint/checkpoint';
import type { Json } from '../signal/signal';
import type { Model } from './model';
import type { OpenModelOptions } from './open-pretrained';
import type { PresetFit } from './preset-fit';
import type { PretrainedSource } from './source';
import type { System } from './system';
import type { SystemDefinition } from './system-definition';

/** What only the parity harness, the registry and export reach. */
export interface SystemInternals<Config> {
  openModel(source: PretrainedSource, options: OpenModelOptions<Config>): Promise<Model<Config>>;
  /** Bytes in memory of each model function of a preset, from its configuration alone. */
  memoryOf(preset: string): Readonly<Record<string, number>>;
  /** What does not fit, for each preset and for the configuration beside the file, if it is one of this system. */
  fits(checkpoint: Checkpoint, config?: Json): readonly PresetFit[];
  readonly definition: Pick<SystemDefinition<Config, unknown, unknown>, 'weights' | 'parseConfig' | 'library'>;
}

const internals = new WeakMap<object, SystemInternals<never>>();

/** Keeps the internals of a system that `defineSystem` has made. */
export function keepInternals<Config>(system: System<Config, unknown>, found: SystemInternals<Config>): void {
  internals.set(system, found as unknown as SystemInternals<never>);
}

/** @throws {Error} The system was made by something else. */
export function systemInternals<Config>(system: System<Config, unknown>): SystemInternals<Config> {
  const found = internals.get(system);
  if (!found) throw new Error(`${system.id} was not made by defineSystem`);
  return found as unknown as SystemInternals<Config>;
}
