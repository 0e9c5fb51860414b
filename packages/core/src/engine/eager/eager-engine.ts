import * as tf from '@tensorflow/tfjs-core';
import { isWeightTensor, recipeIsInteger, type Host, type WeightTensor } from '../../checkpoint/weight-recipe';
import { EngineError } from '../../errors/engine-error';
import { InputError } from '../../errors/input-error';
import type { Engine, EngineReport, Executable, HostTensors, LoadOptions, ModelFunction, Tensors } from '../engine';
import type { RunOptions } from '../run-options';
import { withTaps } from '../taps';

/** The wasm heap is 4 GB and holds matmul weights twice (toolchain 5.1). */
const wasmWeightBytes = 1.7e9;

/**
 * An engine that runs model functions op by op on a TensorFlow.js backend that has been initialised already.
 * Weights are uploaded once, however many functions share them.
 */
export function createEagerEngine(report: EngineReport): Engine {
  const { name } = report;
  const uploads = new Map<WeightTensor, { readonly tensor: Promise<tf.Tensor>; users: number }>();
  const running = new Set<Promise<unknown>>();
  let disposed = false;

  const acquire = (weight: WeightTensor, signal: AbortSignal | undefined): Promise<tf.Tensor> => {
    const known = uploads.get(weight);
    if (known) {
      known.users += 1;
      return known.tensor;
    }
    const tensor = weight.read(signal).then((values) => {
      const dtype = recipeIsInteger(weight.recipe) ? 'int32' : 'float32';
      return onBackend(name, () => tf.keep(tf.tensor(values, [...weight.shape], dtype)));
    });
    uploads.set(weight, { tensor, users: 1 });
    tensor.catch(() => uploads.delete(weight));
    return tensor;
  };
  const release = async (weight: WeightTensor) => {
    const upload = uploads.get(weight);
    if (!upload) return;
    upload.users -= 1;
    if (upload.users > 0) return;
    uploads.delete(weight);
    (await upload.tensor).dispose();
  };
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
      if (options.precision === 'int8')
        throw new EngineError('unavailable', name, label, 'int8 needs the compiled engine.');
      const part = fn.select(weights as Params);
      const leaves = [...new Set(weightsOf(part))];
      let uploaded: Promise<unknown> | undefined;
      let closed = false;
      const upload = (signal: AbortSignal | undefined) => {
        assertFitsWasm(name, label, leaves);
        return mapTree(part, (weight) => acquire(weight, signal));
      };
      return {
        async run(inputs, runOptions = {}) {
          assertAlive(label);
          if (closed) throw new EngineError('disposed', name, label, 'the function has been disposed.');
          runOptions.signal?.throwIfAborted();
          uploaded ??= upload(runOptions.signal);
          const ready = uploaded;
          ready.catch(() => (uploaded = undefined));
          const work = ready.then((tensors) =>
            runOnce(name, fn, tensors, inputs, label, options.collectTaps ?? false, runOptions),
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
          if (uploaded) for (const weight of leaves) await release(weight);
        },
      };
    },
    async dispose() {
      disposed = true;
      await Promise.allSettled(running);
      for (const { tensor } of uploads.values()) (await tensor.catch(() => undefined))?.dispose();
      uploads.clear();
    },
  };
}

/** Runs `body` (synchronous) on a backend and restores the one before: several engines live in one process. */
function onBackend<T>(name: string, body: () => T): T {
  const before = tf.getBackend();
  if (before !== name) void tf.setBackend(name);
  try {
    return body();
  } finally {
    if (before && before !== name) void tf.setBackend(before);
  }
}

async function runOnce<Params>(
  backend: string,
  fn: ModelFunction<Params>,
  part: unknown,
  inputs: HostTensors,
  label: string,
  collectTaps: boolean,
  { signal }: RunOptions,
): Promise<HostTensors> {
  signal?.throwIfAborted();
  const outputs = onBackend(backend, () => {
    try {
      return tf.tidy(() => {
        const tensors = Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, toTensor(key, value)]));
        const taps: Record<string, tf.Tensor> = {};
        const collect = (key: string, x: tf.Tensor) => {
          taps[`tap:${key}`]?.dispose();
          taps[`tap:${key}`] = tf.keep(tf.clone(x));
        };
        const results = withTaps(collectTaps ? collect : undefined, () => fn.run(part, tensors));
        // Clones: a function may return an input or a weight, which are not the caller's to dispose.
        return { ...mapRecord(results, (x) => tf.clone(x)), ...taps };
      });
    } catch (error) {
      if (error instanceof RangeError) {
        throw new EngineError('does-not-fit', backend, label, `out of memory (${error.message}).`, { cause: error });
      }
      throw error;
    }
  });
  try {
    const results: Record<string, { shape: readonly number[]; data: Float32Array | Int32Array }> = {};
    for (const [key, tensor] of Object.entries(outputs)) {
      const data = await onBackend(backend, () => tensor.data());
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
