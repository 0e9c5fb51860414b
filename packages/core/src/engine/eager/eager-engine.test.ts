import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { weightTensor } from '../../checkpoint/evaluate-recipe';
import type { WeightTensor } from '../../checkpoint/weight-recipe';
import { useLeakGuard } from '../../test/leak-guard';
import type { Engine } from '../engine';
import { modelFunction } from '../engine';
import type { ProgressEvent } from '../run-options';
import { tap } from '../taps';
import { createEagerEngine } from './eager-engine';
import { probeEager } from './probe';

type Params = { readonly a: tf.Tensor; readonly b: tf.Tensor; readonly list: readonly tf.Tensor[] };
interface CountedWeight {
  readonly weight: WeightTensor;
  readonly reads: () => number;
}

function counted(
  value: number,
  read: (signal?: AbortSignal) => Promise<Float32Array> = async () => Float32Array.of(value, value),
): CountedWeight {
  let reads = 0;
  const weight = weightTensor(
    {
      kind: 'values',
      dtype: 'F32',
      shape: [2],
      read: (signal) => {
        reads += 1;
        return read(signal);
      },
    },
    () => Promise.reject(new Error('nothing is stored')),
  );
  return { weight, reads: () => reads };
}

const x = { x: { shape: [2], data: Float32Array.of(1, 2) } };
const timesA = modelFunction(
  ({ a }: Params) => ({ a }),
  ({ a }, { x: input }: { readonly x: tf.Tensor }) => ({ y: tf.mul(input, a) }),
);
const plusAll = modelFunction(
  ({ a, b, list }: Params) => ({ a, b, again: [a, ...list] }),
  ({ a, b, again }, { x: input }: { readonly x: tf.Tensor }) => ({
    y: [a, b, ...again].reduce((sum: tf.Tensor, term) => tf.add(sum, term), input),
  }),
);
const tensors = () => tf.engine().state.numTensors;

describe.each(['cpu', 'wasm'] as const)('the eager engine on %s', (name) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = createEagerEngine(await probeEager(name));
  });
  afterAll(() => engine.dispose());
  useLeakGuard();

  const tree = (a: CountedWeight, b: CountedWeight, ...list: readonly CountedWeight[]) =>
    ({ a: a.weight, b: b.weight, list: list.map(({ weight }) => weight) }) as never;

  it('reads a weight on the first run, once for all functions that share it', async () => {
    const [a, b] = [counted(3), counted(10)];
    const [first, second] = await Promise.all([
      engine.load(timesA, tree(a, b)),
      engine.load(plusAll, tree(a, b, b), { name: 'plus' }),
    ]);
    expect([a.reads(), b.reads()]).toEqual([0, 0]);
    expect((await first.run(x))['y']).toEqual({ shape: [2], data: Float32Array.of(3, 6) });
    expect([a.reads(), b.reads()]).toEqual([1, 0]);
    const events: ProgressEvent[] = [];
    const onProgress = (event: ProgressEvent) => events.push(event);
    const runs = await Promise.all([second.run(x, { onProgress }), second.run(x, { onProgress }), first.run(x)]);
    expect(events).toEqual([
      { stage: 'read', completed: 1, total: 2, unit: 'tensors', label: 'plus' },
      { stage: 'read', completed: 2, total: 2, unit: 'tensors', label: 'plus' },
    ]);
    expect(runs[0]!['y']!.data).toEqual(Float32Array.of(27, 28));
    expect([a.reads(), b.reads()]).toEqual([1, 1]);
    await first.dispose();
    expect((await second.run(x))['y']!.data).toEqual(Float32Array.of(27, 28));
    await second.dispose();
    await second.dispose();
  });

  it('reads again what was disposed', async () => {
    const a = counted(3);
    for (const expected of [1, 2]) {
      const executable = await engine.load(timesA, tree(a, a));
      await executable.run(x);
      expect(a.reads()).toBe(expected);
      await executable.dispose();
      await expect(executable.run(x)).rejects.toMatchObject({ code: 'disposed' });
    }
  });

  it('leaves no tensors of an upload that was cut off, wherever it was', async () => {
    for (const at of [0, 1, 2]) {
      const stop = new AbortController();
      const reason = new Error('stop');
      let read = 0;
      const weights = [1, 2, 4].map((value) =>
        counted(value, async (signal) => {
          if (read === at) stop.abort(reason);
          read += 1;
          signal?.throwIfAborted();
          return Float32Array.of(value, value);
        }),
      );
      const executable = await engine.load(plusAll, tree(weights[0]!, weights[1]!, weights[2]!));
      await expect(executable.run(x, { signal: stop.signal })).rejects.toBe(reason);
      // The next run takes up where the other was cut off.
      expect((await executable.run(x))['y']!.data).toEqual(Float32Array.of(1 + 8, 2 + 8));
      await executable.dispose();
      const cut = await engine.load(plusAll, tree(...([counted(1), weights[1]!, weights[2]!] as const)));
      await cut.dispose();
    }
  });

  it('frees an upload that was cut off and never taken up again', async () => {
    const stop = new AbortController();
    const late = counted(2, async (signal) => {
      stop.abort();
      signal?.throwIfAborted();
      return Float32Array.of(2, 2);
    });
    const executable = await engine.load(plusAll, tree(counted(1), late));
    await expect(executable.run(x, { signal: stop.signal })).rejects.toMatchObject({ name: 'AbortError' });
    await executable.dispose();
  });

  it('does not let one caller be cancelled by another', async () => {
    const stop = new AbortController();
    const slow = counted(5, async (signal) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      signal?.throwIfAborted();
      return Float32Array.of(5, 5);
    });
    const [one, other] = await Promise.all([
      engine.load(timesA, tree(slow, slow)),
      engine.load(timesA, tree(slow, slow)),
    ]);
    const cancelled = one.run(x, { signal: stop.signal });
    const sameFunction = one.run(x);
    const otherFunction = other.run(x);
    stop.abort();
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
    expect((await sameFunction)['y']!.data).toEqual(Float32Array.of(5, 10));
    expect((await otherFunction)['y']!.data).toEqual(Float32Array.of(5, 10));
    await one.dispose();
    await other.dispose();
  });

  it('passes on a weight that cannot be read, and tries again', async () => {
    let broken = true;
    const a = counted(3, async () => {
      if (broken) throw new Error('disk');
      return Float32Array.of(3, 3);
    });
    const executable = await engine.load(timesA, tree(a, a));
    await expect(executable.run(x)).rejects.toThrow('disk');
    broken = false;
    await executable.run(x);
    await executable.dispose();
  });

  it('leaves the backend as it was, whatever happens', async () => {
    const before = tf.getBackend();
    const executable = await engine.load(timesA, tree(counted(2), counted(2)));
    await executable.run(x);
    const failing = await engine.load(
      modelFunction(
        () => ({}),
        () => {
          throw new Error('17');
        },
      ),
      {} as never,
    );
    await expect(failing.run({})).rejects.toThrow('17');
    expect(tf.getBackend()).toBe(before);
    await executable.dispose();
    await failing.dispose();
  });

  it('names engine, function and cause of what a backend throws', async () => {
    for (const [thrown, code] of [
      [new Error('17'), 'run-failed'],
      [new RangeError('Array buffer allocation failed'), 'does-not-fit'],
      [new WebAssembly.RuntimeError('memory access out of bounds'), 'does-not-fit'],
      ['abort(OOM)', 'run-failed'],
    ] as const) {
      const failing = await engine.load(
        modelFunction(
          () => ({}),
          () => {
            tap('kept', tf.zeros([3]));
            throw thrown;
          },
        ),
        {} as never,
        { name: 'image/x encode', collectTaps: true },
      );
      const error = await failing.run({}).catch((caught: unknown) => caught);
      expect(error).toMatchObject({
        name: 'EngineError',
        code,
        engine: name,
        operation: 'image/x encode',
        cause: thrown,
      });
      await failing.dispose();
    }
  });

  it('refuses inputs whose shape is not that of their values', async () => {
    const executable = await engine.load(timesA, tree(counted(1), counted(1)));
    await expect(executable.run({ x: { shape: [3], data: new Float32Array(2) } })).rejects.toThrow(
      'input x: expected 3 values for [3], got 2',
    );
    await executable.dispose();
  });

  it('returns taps only when they are collected, weights and inputs as copies', async () => {
    const fn = modelFunction(
      ({ a }: Params) => ({ a }),
      ({ a }, { x: input }: { readonly x: tf.Tensor }) => {
        tap('twice', tf.mul(input, 2));
        return { a, input, more: tf.greater(input, 1) };
      },
    );
    const weights = tree(counted(7), counted(7));
    const quiet = await engine.load(fn, weights);
    const loud = await engine.load(fn, weights, { collectTaps: true });
    expect(Object.keys(await quiet.run(x)).sort()).toEqual(['a', 'input', 'more']);
    const outputs = await loud.run(x);
    expect(outputs['tap:twice']!.data).toEqual(Float32Array.of(2, 4));
    expect(outputs['more']!.data).toEqual(Int32Array.of(0, 1));
    expect((await loud.run(x))['a']!.data).toEqual(Float32Array.of(7, 7));
    await quiet.dispose();
    await loud.dispose();
  });

  it('frees everything when it is disposed itself', async () => {
    const before = tensors();
    const own = createEagerEngine(engine.report);
    const executable = await own.load(plusAll, tree(counted(1), counted(2), counted(3)));
    const running = executable.run(x);
    await own.dispose();
    expect((await running)['y']!.data).toEqual(Float32Array.of(8, 9));
    expect(tensors()).toBe(before);
    await expect(executable.run(x)).rejects.toMatchObject({ code: 'disposed' });
    await expect(own.load(timesA, tree(counted(1), counted(1)))).rejects.toMatchObject({ code: 'disposed' });
    await executable.dispose();
  });

  it('refuses int8', async () => {
    const load = engine.load(timesA, tree(counted(1), counted(1)), { precision: 'int8' });
    await expect(load).rejects.toMatchObject({ name: 'UnsupportedError', feature: 'precision int8' });
  });
});

describe('engines side by side', () => {
  useLeakGuard();

  it('run in any order and give their own results', async () => {
    const engines = await Promise.all(
      (['cpu', 'wasm', 'cpu'] as const).map(async (name) => createEagerEngine(await probeEager(name))),
    );
    const a = counted(3);
    const executables = await Promise.all(
      engines.map((engine) => engine.load(timesA, { a: a.weight, b: a.weight, list: [] } as never)),
    );
    const results = await Promise.all([0, 1, 2, 1, 0, 2].map((index) => executables[index]!.run(x)));
    for (const { y } of results) expect(y!.data).toEqual(Float32Array.of(3, 6));
    expect(a.reads()).toBe(3);
    for (const engine of engines) await engine.dispose();
  });

  it('refuse weights that wasm cannot hold before they are read', async () => {
    const engine = createEagerEngine(await probeEager('wasm'));
    const big = weightTensor(
      { kind: 'values', dtype: 'F32', shape: [25_000, 20_000], read: () => Promise.reject(new Error('was read')) },
      () => Promise.reject(new Error('was read')),
    );
    const executable = await engine.load(timesA, { a: big, b: big, list: [] } as never, { name: 'big' });
    await expect(executable.run(x)).rejects.toMatchObject({
      code: 'does-not-fit',
      message: expect.stringContaining('2.0 GB of weights, at most 1.7 GB fit'),
    });
    await engine.dispose();
  });

  it('are probed without changing the backend in use', async () => {
    await probeEager('cpu');
    await tf.setBackend('cpu');
    expect(await probeEager('wasm')).toMatchObject({ name: 'wasm', available: true, compiled: false });
    expect(await probeEager('webgpu')).toMatchObject({ available: false, reason: expect.any(String) });
    expect(tf.getBackend()).toBe('cpu');
  });
});
