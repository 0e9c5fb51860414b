import { EngineError } from '../../errors/engine-error';
import { InputError } from '../../errors/input-error';
import type { Executable, HostTensor, HostTensors, Tensors } from '../engine';
import type { ProgressEvent, RunOptions } from '../run-options';
import type { TensorType } from '../trace/graph';
import type { KernelTable } from '../trace/kernel';
import { trace } from '../trace/trace';
import { elementsOf } from '../trace/traced-graph';
import { compileGraph } from './compile';
import { watchFiles } from './external-data';
import type { SessionSettings, WireTensor } from './protocol';
import type { CachedSession, SessionCache } from './session-cache';
import { abortable, type SessionClient } from './session-client';
import { createWeightStore } from './weight-store';

/** What the executables of one engine share. */
export interface EngineParts {
  readonly engine: string;
  readonly client: SessionClient;
  readonly cache: SessionCache<CompiledSession>;
  readonly kernels: KernelTable;
  /** Whether the runtime maps weight files. */
  readonly mapsFiles: boolean;
  readonly stageFlops?: number;
}

export interface CompiledSession extends CachedSession {
  readonly session: number;
  /** Names of the inputs that are read, without `in/`. */
  readonly inputs: readonly string[];
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  readonly files: readonly string[];
  /** Of the worker that owns it. */
  readonly generation: number;
}

export interface ExecutableOptions {
  readonly name: string;
  readonly run: (part: unknown, inputs: unknown) => Tensors;
  /** Tree of lazy weights that `run` takes. */
  readonly part: unknown;
  readonly settings: SessionSettings;
  readonly collectTaps: boolean;
  /** Whether the arrays of inputs may be taken from the caller. */
  readonly consumesInputs: boolean;
  readonly onDispose: () => void;
}

let nextExecutable = 0;

/** A model function on the compiled engine: traced and compiled at the first run of each signature. */
export function createExecutable(parts: EngineParts, options: ExecutableOptions): Executable {
  const { engine, client, cache } = parts;
  const { name } = options;
  const prefix = `${(nextExecutable += 1)}|`;
  const store = createWeightStore(engine, name, parts.mapsFiles);
  const watch = watchFiles(engine, name);
  const running = new Set<Promise<unknown>>();
  let disposing: Promise<void> | undefined;

  async function compile(
    inputs: Readonly<Record<string, TensorType>>,
    { onProgress }: RunOptions,
  ): Promise<CompiledSession> {
    onProgress?.({ stage: 'compile', completed: 0, total: 1, unit: 'steps', label: name });
    const graph = trace(options.run, options.part, inputs, {
      kernels: parts.kernels,
      name,
      engine,
      collectTaps: options.collectTaps,
      hostOutputs: true,
    });
    // No signal: others may wait for the same session.
    const compiled = await compileGraph(graph, {
      name,
      store,
      watch,
      ...(parts.stageFlops !== undefined && { stageFlops: parts.stageFlops }),
      ...(onProgress && { onProgress }),
    });
    const { models, weights, files, shapes, activationBytes, inputs: read } = compiled;
    const { folder, buffers } = weights;
    const session = await client.create({
      name,
      models,
      settings: options.settings,
      ...(folder !== undefined && { folder }),
      ...(buffers && { buffers }),
    });
    onProgress?.({ stage: 'compile', completed: 1, total: 1, unit: 'steps', label: name });
    return {
      session,
      inputs: read,
      shapes,
      files,
      generation: client.generation(),
      // Mapped weights are shared with the page cache: they cost nothing.
      bytes: activationBytes + (options.settings.prepack || buffers ? weights.bytes : 0),
      release: () => client.release(session),
    };
  }

  async function compiledFor(inputs: HostTensors, run: RunOptions): Promise<CompiledSession> {
    const types = Object.fromEntries(Object.entries(inputs).map(([key, tensor]) => [key, typeOf(key, tensor)]));
    const key = `${prefix}${Object.entries(types)
      .map(([input, { dtype, shape }]) => `${input}:${dtype}[${shape.join()}]`)
      .join(';')}`;
    const found = await cache.get(key, () => compile(types, run));
    if (found.generation === client.generation()) return found;
    // The worker died since: its sessions are gone.
    await cache.drop(key);
    return cache.get(key, () => compile(types, run));
  }

  async function execute(inputs: HostTensors, run: RunOptions): Promise<HostTensors> {
    const { signal, onProgress } = run;
    const compiled = await abortable(compiledFor(inputs, run), signal);
    await watch.check(compiled.files);
    signal?.throwIfAborted();
    const feeds = Object.fromEntries(
      compiled.inputs.map((key) => [`in/${key}`, wireTensor(inputs[key]!, options.consumesInputs)]),
    );
    const outputs = await client.run({
      name,
      session: compiled.session,
      inputs: feeds,
      ...(signal && { signal }),
      ...(onProgress && {
        onStage: (completed, total) =>
          onProgress({ stage: phaseOf(name), completed, total, unit: 'steps', label: name }),
      }),
    });
    const results: Record<string, HostTensor> = {};
    for (const [key, shape] of compiled.shapes) {
      const { dims, data } = outputs[key]!;
      if (dims.join() !== shape.join()) {
        const problem = `output ${key}: expected shape [${shape.join(', ')}], got [${dims.join(', ')}]; please report it.`;
        throw new EngineError('run-failed', engine, name, problem);
      }
      results[key.slice('out/'.length)] = { shape, data: data as HostTensor['data'] };
    }
    return results;
  }

  return {
    async run(inputs, run = {}) {
      run.signal?.throwIfAborted();
      if (disposing) throw new EngineError('disposed', engine, name, 'was disposed.');
      const work = execute(inputs, run);
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
        await cache.drop(prefix);
        await store.close();
        options.onDispose();
      })();
      return disposing;
    },
  };
}

function typeOf(name: string, { shape, data }: HostTensor): TensorType {
  const elements = elementsOf(shape);
  if (data.length !== elements) {
    throw new InputError(name, `${elements} elements for shape [${shape.join(', ')}]`, `${data.length}`);
  }
  return { shape, dtype: data instanceof Float32Array ? 'float32' : 'int32' };
}

/** The caller keeps its array: this is the one copy on the way into the worker, unless `consumes`. */
function wireTensor({ shape, data }: HostTensor, consumes: boolean): WireTensor {
  const whole = data.byteLength === data.buffer.byteLength && data.buffer instanceof ArrayBuffer;
  const own = consumes && whole ? data : data.slice();
  return { type: own instanceof Float32Array ? 'float32' : 'int32', dims: shape, data: own };
}

function phaseOf(name: string): ProgressEvent['stage'] {
  if (/train/i.test(name)) return 'train';
  return /decode/i.test(name) ? 'decode' : 'encode';
}
