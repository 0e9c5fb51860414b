import type { Host } from '../checkpoint/weight-recipe';
import type { Engine, EngineOptions, EngineReport, Executable, HostTensors, ModelFunction } from '../engine/engine';
import type { RunOptions } from '../engine/run-options';
import { EngineError } from '../errors/engine-error';
import type { WeightFile, WeightLicense, WeightSizes } from '../tokenizer/tokenizer';
import type { TokenizerIdentity } from '../tokens/tokens';
import { assertFits, functionBytes, memoryLimit, treeBytes } from './weight-sizes';

/** Weights, configuration and engine of one loaded variant: runs the system's model functions by name. */
export interface Model<Config> {
  readonly config: Config;
  readonly identity: TokenizerIdentity;
  readonly license: WeightLicense;
  /** Preprocessing of the variant. */
  readonly pipeline: string;
  readonly engine: EngineReport;
  readonly files: readonly WeightFile[];
  readonly sizes: WeightSizes;
  /** Official keys that the checkpoint lacked and that were filled at random (`partial` loading). */
  readonly fresh: readonly string[];
  has(name: string): boolean;
  /**
   * Weights are read on the first run of a function.
   *
   * @throws {EngineError}
   * @throws {PretrainedError} `memory`: they do not fit.
   */
  run(name: string, inputs: HostTensors, options?: RunOptions): Promise<HostTensors>;
  /** Idempotent; waits for running calls. */
  dispose(): Promise<void>;
}

export interface ModelParts<Config, Params> {
  readonly config: Config;
  readonly identity: TokenizerIdentity;
  readonly license: WeightLicense;
  readonly pipeline: string;
  readonly files: readonly WeightFile[];
  readonly fresh: readonly string[];
  readonly engine: Engine;
  readonly engineOptions: EngineOptions & { readonly collectTaps?: boolean };
  readonly weights: Host<Params>;
  readonly functions: Readonly<Record<string, ModelFunction<Params>>>;
  /** Memory that weights may take; default: what can be had. */
  readonly memoryBytes?: number | undefined;
  /** Closes what the weights lie in, and gives the engine back. */
  close(): Promise<void>;
}

export function createModel<Config, Params>(parts: ModelParts<Config, Params>): Model<Config> {
  const { config, identity, license, pipeline, files, fresh, engine, functions } = parts;
  const loaded = new Map<string, Promise<Executable>>();
  const running = new Set<Promise<unknown>>();
  let disposing: Promise<void> | undefined;

  const bytes = functionBytes(parts.weights, functions);
  const sizes = {
    diskBytes: files.reduce((sum, file) => sum + file.bytes, 0),
    functionBytes: bytes,
    memoryBytes: treeBytes(parts.weights),
  };

  const executable = (name: string) => {
    const known = loaded.get(name);
    if (known) return known;
    const fn = functions[name];
    if (!fn)
      throw new EngineError(
        'run-failed',
        engine.report.name,
        name,
        `${identity.id} has only ${Object.keys(functions).join(', ')}.`,
      );
    assertFits(identity.variant, name, bytes[name] ?? 0, parts.memoryBytes ?? memoryLimit(engine.report));
    const loading = engine.load(fn, parts.weights, { ...parts.engineOptions, name: `${identity.id} ${name}` });
    loaded.set(name, loading);
    return loading;
  };
  return {
    config,
    identity,
    license,
    pipeline,
    files,
    sizes,
    fresh,
    engine: engine.report,
    has: (name) => Object.hasOwn(functions, name),
    async run(name, inputs, options) {
      if (disposing)
        throw new EngineError('disposed', engine.report.name, name, `${identity.variant} has been disposed.`);
      const work = executable(name).then((ready) => ready.run(inputs, options));
      running.add(work);
      try {
        return await work;
      } finally {
        running.delete(work);
      }
    },
    dispose() {
      disposing ??= (async () => {
        await Promise.allSettled(running);
        for (const ready of await Promise.allSettled(loaded.values())) {
          if (ready.status === 'fulfilled') await ready.value.dispose();
        }
        await parts.close();
      })();
      return disposing;
    },
  };
}
