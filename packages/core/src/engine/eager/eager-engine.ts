import * as tf from '@tensorflow/tfjs-core';
import { isWeightTensor, type Host, type WeightTensor } from '../../checkpoint/weight-recipe';
import { EngineError } from '../../errors/engine-error';
import { InputError } from '../../errors/input-error';
import { TesseraeError } from '../../errors/tesserae-error';
import type {
  Engine,
  EngineName,
  EngineReport,
  Executable,
  HostTensors,
  LoadOptions,
  ModelFunction,
  Tensors,
} from '../engine';
import { refuseInt8 } from '../refuse-int8';
import type { RunOptions } from '../run-options';
import { runtimeFailure } from '../runtime-failure';
import { withTaps } from '../taps';
import { onBackend } from './on-backend';
import { createUploads } from './uploads';

/** The wasm heap is 4 GB and holds matmul weights twice (toolchain 5.1). */
const wasmWeightBytes = 1.7e9;

/**
 * An engine that runs model functions op by op on a TensorFlow.js backend that has been initialised already.
 * Weights are uploaded once, however many functions share them.
 */
export function createEagerEngine(report: EngineReport): Engine {
  const { name } = report;
  const backend = backendOf(name);
  const uploads = createUploads(backend);
  const running = new Set<Promise<unknown>>();
  let disposed = false;
  const assertAlive = (operation: string) => {
    if (disposed) throw new EngineError('disposed', name, operation, 'the engine has been disposed.');
  };

  return {
    report,
    async load<Params>(
      fn: ModelFunction<Params>,
      weights: Host<Params>,
      options: LoadOptions = {},
    ): Promise<Executable> {
      const label = options.name ?? 'model function';
      assertAlive(label);
      refuseInt8(options);
      const part = fn.select(weights as Params);
      const leaves = [...new Set(weightsOf(part))];
      const held = new Set<WeightTensor>();
      let uploading: Promise<unknown> | undefined;
      let closed = false;
      const hold = async (weight: WeightTensor, signal: AbortSignal | undefined) => {
        if (held.has(weight)) return uploads.get(weight);
        const tensor = await uploads.acquire(weight, signal);
        held.add(weight);
        return tensor;
      };
      /** The part with tensors. One call uploads for all that wait; if that one is cancelled, the next goes on. */
      const tensorsOfPart = async ({ signal, onProgress }: RunOptions): Promise<unknown> => {
        const mine = uploading === undefined;
        const current = (uploading ??= mapTree(part, async (weight) => {
          const known = held.has(weight);
          const tensor = await hold(weight, signal);
          const [completed, total] = [held.size, leaves.length];
          if (!known) onProgress?.({ stage: 'read', completed, total, unit: 'tensors', label });
          return tensor;
        }));
        try {
          return await current;
        } catch (error) {
          if (uploading === current) uploading = undefined;
          if (mine) throw error;
          signal?.throwIfAborted();
          return tensorsOfPart({ ...(signal && { signal }), ...(onProgress && { onProgress }) });
        }
      };
      return {
        async run(inputs, runOptions = {}) {
          assertAlive(label);
          if (closed) throw new EngineError('disposed', name, label, 'the function has been disposed.');
          runOptions.signal?.throwIfAborted();
          assertFitsWasm(name, label, leaves);
          const work = tensorsOfPart(runOptions).then((tensors) =>
            runOnce({ name, backend, label }, fn, tensors, inputs, options.collectTaps ?? false, runOptions),
          );
          running.add(work);
          try {
            return await work;
          } finally {
            running.delete(work);
          }
        },
        async dispose() {
          if (closed) return;
          closed = true;
          await Promise.allSettled(running);
          for (const weight of held) await uploads.release(weight);
          held.clear();
        },
      };
    },
    async dispose() {
      disposed = true;
      await Promise.allSettled(running);
      await uploads.clear();
    },
  };
}

/** Name under which TensorFlow.js knows the backend of an engine. */
function backendOf(name: EngineName): string {
  return name === 'tfjs-node' || name === 'tfjs-node-gpu' ? 'tensorflow' : name;
}

interface Place {
  readonly name: string;
  readonly backend: string;
  readonly label: string;
}

async function runOnce<Params>(
  place: Place,
  fn: ModelFunction<Params>,
  part: unknown,
  inputs: HostTensors,
  collectTaps: boolean,
  { signal }: RunOptions,
): Promise<HostTensors> {
  signal?.throwIfAborted();
  const { backend } = place;
  const kept: tf.Tensor[] = [];
  const outputs = onBackend(backend, () => {
    try {
      return tf.tidy(() => {
        const tensors = Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, toTensor(key, value)]));
        const taps: Record<string, tf.Tensor> = {};
        const collect = (key: string, x: tf.Tensor) => {
          taps[`tap:${key}`]?.dispose();
          kept.push((taps[`tap:${key}`] = tf.keep(tf.clone(x))));
        };
        const results = withTaps(collectTaps ? collect : undefined, () => fn.run(part, tensors));
        // Clones: a function may return an input or a weight, which are not the caller's to dispose.
        return { ...mapRecord(results, (x) => tf.clone(x)), ...taps };
      });
    } catch (error) {
      // A kept tensor outlives the tidy that failed.
      kept.filter((x) => !x.isDisposed).forEach((x) => x.dispose());
      throw typedError(error, place);
    }
  });
  try {
    const results: Record<string, { shape: readonly number[]; data: Float32Array | Int32Array }> = {};
    for (const [key, tensor] of Object.entries(outputs)) {
      const data = await onBackend(backend, () => tensor.data()).catch((error: unknown) => {
        throw typedError(error, place);
      });
      results[key] = {
        shape: tensor.shape,
        data: tensor.dtype === 'bool' ? Int32Array.from(data) : (data as Float32Array | Int32Array),
      };
    }
    signal?.throwIfAborted();
    return results;
  } finally {
    onBackend(backend, () => tf.dispose(outputs as tf.NamedTensorMap));
  }
}

/** What a backend throws is often a bare number or message: engine, function and cause are added. */
function typedError(error: unknown, { name, label }: Place): unknown {
  return TesseraeError.isInstance(error) ? error : runtimeFailure(error, name, label);
}

function toTensor(key: string, { shape, data }: HostTensors[string]): tf.Tensor {
  const count = shape.reduce((product, length) => product * length, 1);
  if (count !== data.length)
    throw new InputError(`input ${key}`, `${count} values for [${shape.join(', ')}]`, `${data.length}`);
  return tf.tensor(data, [...shape], data instanceof Int32Array ? 'int32' : 'float32');
}

function mapRecord(record: Tensors, map: (x: tf.Tensor) => tf.Tensor): Record<string, tf.Tensor> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

function* weightsOf(tree: unknown): Generator<WeightTensor> {
  if (isWeightTensor(tree)) yield tree;
  else if (typeof tree === 'object' && tree !== null) for (const child of Object.values(tree)) yield* weightsOf(child);
}

async function mapTree(tree: unknown, map: (weight: WeightTensor) => Promise<unknown>): Promise<unknown> {
  if (isWeightTensor(tree)) return map(tree);
  if (Array.isArray(tree)) {
    const list: unknown[] = [];
    for (const child of tree) list.push(await mapTree(child, map));
    return list;
  }
  if (typeof tree !== 'object' || tree === null) return tree;
  const record: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(tree)) record[key] = await mapTree(child, map);
  return record;
}

function assertFitsWasm(name: string, label: string, leaves: readonly WeightTensor[]): void {
  if (name !== 'wasm') return;
  const bytes = leaves.reduce((sum, { shape }) => sum + 4 * shape.reduce((product, length) => product * length, 1), 0);
  if (bytes <= wasmWeightBytes) return;
  const gigabytes = (value: number) => `${(value / 1e9).toFixed(1)} GB`;
  throw new EngineError(
    'does-not-fit',
    name,
    label,
    `${gigabytes(bytes)} of weights, at most ${gigabytes(wasmWeightBytes)} fit.`,
  );
}
