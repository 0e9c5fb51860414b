import type { Engine, EngineName, EngineOptions } from '../engine/engine';
import type { HubOptions } from '../hub/settings';
import type { Json } from '../signal/signal';
import type { Preset } from './preset';
import type { PretrainedSource } from './source';

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
