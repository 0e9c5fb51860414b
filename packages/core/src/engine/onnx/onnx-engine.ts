import { platform } from '#platform';
import type { Host } from '../../checkpoint/weight-recipe';
import { EngineError } from '../../errors/engine-error';
import type { Engine, EngineOptions, EngineReport, Executable, LoadOptions, ModelFunction } from '../engine';
import { refuseInt8 } from '../refuse-int8';
import type { KernelTable } from '../trace/kernel';
import { kernels } from '../trace/kernels';
import { createExecutable, type CompiledSession, type EngineParts } from './executable';
import type { SessionSettings } from './protocol';
import { createSessionCache } from './session-cache';
import { createSessionClient } from './session-client';

export interface OnnxEngineOptions extends EngineOptions {
  /** `node`: onnxruntime-node. `web`: onnxruntime-web, in Node and in browsers. */
  readonly runtime: 'node' | 'web';
  /** Graph optimisation of ONNX Runtime. Default `all`; tests of the tracer disable it. */
  readonly optimization?: SessionSettings['optimization'];
  /** Whether idle threads wait busily: 5 to 10 % faster, but they take the cores. Default true. */
  readonly spinning?: boolean;
  /** Default: all of `trace/kernels`. */
  readonly kernels?: KernelTable;
  /** Operations after which a model is cut into stages; default 300 GFLOP. */
  readonly stageFlops?: number;
}

const fallbackBudgetBytes = 2 ** 30;

/**
 * The compiled engine: model functions become ONNX graphs that ONNX Runtime runs in a worker.
 *
 * @throws {EngineError} `unavailable` where the runtime is not installed or does not load.
 */
export async function createOnnxEngine(options: OnnxEngineOptions): Promise<Engine> {
  const name = options.runtime === 'node' ? 'onnx' : 'onnx-web';
  refuseInt8(options);
  const threads = options.threads ?? defaultThreads(name);
  const client = createSessionClient(name, { runtime: options.runtime, threads });
  try {
    await client.probe();
  } catch (error) {
    await client.close().catch(() => undefined);
    throw error;
  }
  const report: EngineReport = {
    name,
    available: true,
    compiled: true,
    device: describeThreads(threads),
  };
  const memory = platform.totalMemoryBytes();
  const budget = options.sessionBytes ?? (memory === undefined ? fallbackBudgetBytes : memory / 4);
  const parts: EngineParts = {
    engine: name,
    client,
    cache: createSessionCache<CompiledSession>(budget),
    kernels: options.kernels ?? kernels,
    mapsFiles: options.runtime === 'node',
    ...(options.stageFlops !== undefined && { stageFlops: options.stageFlops }),
  };
  const loaded = new Set<Executable>();
  let disposing: Promise<void> | undefined;
  return {
    report,
    async load<Params>(fn: ModelFunction<Params>, weights: Host<Params>, load: LoadOptions = {}): Promise<Executable> {
      load.signal?.throwIfAborted();
      refuseInt8(load);
      if (disposing) throw new EngineError('disposed', name, load.name ?? 'load', 'the engine was disposed.');
      const settings: SessionSettings = {
        threads: load.threads ?? threads,
        prepack: load.prepack ?? options.prepack ?? true,
        optimization: options.optimization ?? 'all',
        spinning: options.spinning ?? true,
        arena: fn.memory !== 'returned',
      };
      // `select` only accesses properties, so that it fits the lazy tree as well.
      const part = fn.select(weights as unknown as Params);
      const executable = createExecutable(parts, {
        name: load.name ?? 'model function',
        run: (tensors, inputs) => fn.run(tensors, inputs),
        part,
        settings,
        collectTaps: load.collectTaps ?? false,
        consumesInputs: load.consumesInputs ?? false,
        onDispose: () => loaded.delete(executable),
      });
      loaded.add(executable);
      return executable;
    },
    dispose() {
      disposing ??= (async () => {
        await Promise.all([...loaded].map((each) => each.dispose()));
        await client.close();
      })();
      return disposing;
    },
  };
}

/** The compiled engine, or a report that says why there is none. Never throws. */
export async function tryOnnxEngine(runtime: 'node' | 'web'): Promise<Engine | EngineReport> {
  try {
    return await createOnnxEngine({ runtime });
  } catch (error) {
    const name = runtime === 'node' ? 'onnx' : 'onnx-web';
    return { name, available: false, compiled: true, reason: describeFailure(error) };
  }
}

function describeFailure(error: unknown): string {
  const message = error instanceof Error ? error.message.replace(/^onnx(-web)?: probe: /, '') : String(error);
  if (message.includes('session-worker'))
    return 'load error: session-worker.js is missing beside the module; a bundler has to copy it';
  if (/cannot find (package|module)|err_module_not_found/i.test(message)) return 'not installed';
  return `load error: ${message.split('\n')[0]}`;
}

function defaultThreads(engine: string): number {
  const wanted = platform.environmentVariable('TESSERAE_THREADS');
  if (wanted === undefined) return platform.physicalCores();
  const threads = Number(wanted);
  if (Number.isInteger(threads) && threads > 0) return threads;
  throw new EngineError('unavailable', engine, 'TESSERAE_THREADS', `expected a whole number above 0, got ${wanted}.`);
}

function describeThreads(threads: number): string {
  return threads === 1 ? '1 thread' : `${threads} threads`;
}
