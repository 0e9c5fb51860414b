import { mkdir, readFile, rm, stat, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { WeightTensor } from '../../checkpoint/weight-recipe';
import { linear } from '../../nn/linear';
import { modelFunction, type Engine, type HostTensor } from '../engine';
import type { ProgressEvent } from '../run-options';
import type { KernelTable } from '../trace/kernel';
import { kernels } from '../trace/kernels';
import { createOnnxEngine, tryOnnxEngine } from './onnx-engine';
import { inFolder, recipeWeight, storedWeight, valuesWeight, writeValues } from './test-weights';

interface Scale {
  readonly factor: tf.Tensor;
}
const scale = modelFunction(
  (params: Scale) => params,
  ({ factor }, { x }: { readonly x: tf.Tensor }) => ({ y: tf.mul(x, factor) }),
);
const factorOf = (weight: WeightTensor) => ({ factor: weight }) as never;
const host = (values: readonly number[], shape: readonly number[] = [values.length]): HostTensor => ({
  shape,
  data: Float32Array.from(values),
});

/** Takes a while: products of large matrices, one after the other. */
const slow = modelFunction(
  () => undefined,
  (_part, { x }: { readonly x: tf.Tensor2D }) => {
    let y = x;
    for (let index = 0; index < 12; index += 1) y = tf.sin(tf.matMul(y, x)) as tf.Tensor2D;
    return { y };
  },
);
const square = (size: number): HostTensor => ({
  shape: [size, size],
  data: new Float32Array(size * size).fill(1 / size),
});

describe.each(['node', 'web'] as const)('the compiled engine on onnxruntime-%s', (runtime) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createOnnxEngine({ runtime });
  });
  afterAll(() => engine.dispose());

  it('reports what it is', async () => {
    expect(engine.report).toMatchObject({
      name: runtime === 'node' ? 'onnx' : 'onnx-web',
      available: true,
      compiled: true,
    });
    const another = await tryOnnxEngine(runtime);
    expect(another).toMatchObject({ report: engine.report });
    await (another as Engine).dispose();
  });

  it('says why it cannot be started', async () => {
    vi.stubEnv('TESSERAE_THREADS', 'two');
    try {
      expect(await tryOnnxEngine(runtime)).toEqual({
        name: runtime === 'node' ? 'onnx' : 'onnx-web',
        available: false,
        compiled: true,
        reason: expect.stringContaining('expected a whole number above 0, got two'),
      });
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('runs a function with weights in memory, on several shapes, and leaves inputs alone', async () => {
    const kernel = valuesWeight(Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2]);
    const part = {
      kernel: recipeWeight({ kind: 'permute', of: kernel.recipe, axes: [1, 0] }),
      bias: valuesWeight(Float32Array.of(1, 1, 1)),
    };
    const fn = modelFunction(
      (params: { readonly kernel: tf.Tensor2D; readonly bias: tf.Tensor1D }) => params,
      (params, { x }: { readonly x: tf.Tensor }) => ({ y: linear(x, params), above: tf.greater(x, 1) }),
    );
    const run = await engine.load(fn, part as never);
    const x = host([1, 0, 0, 2], [2, 2]);
    const result = await run.run({ x });
    expect([...result['y']!.data]).toEqual([2, 4, 6, 5, 9, 13]);
    expect(result['above']).toEqual({ shape: [2, 2], data: Int32Array.of(0, 0, 0, 1) });
    expect([...x.data]).toEqual([1, 0, 0, 2]);
    expect((await run.run({ x: host([1, 1], [1, 1, 2]) }))['y']!.shape).toEqual([1, 1, 3]);
    await run.dispose();
  });

  it('reads weights no earlier than the first run, and once', async () => {
    let reads = 0;
    const weight = recipeWeight({
      kind: 'values',
      dtype: 'F32',
      shape: [1],
      read: async () => Float32Array.of((reads += 1)),
    });
    const run = await engine.load(scale, factorOf(weight));
    expect(reads).toBe(0);
    await Promise.all([run.run({ x: host([5]) }), run.run({ x: host([5]) })]);
    expect([...(await run.run({ x: host([1, 2]) }))['y']!.data]).toEqual([1, 2]);
    expect(reads).toBe(1);
    await run.dispose();
  });

  it('returns inputs, constants and one value under two names', async () => {
    const fn = modelFunction(
      () => undefined,
      (_part, { x, n }: { readonly x: tf.Tensor; readonly n: tf.Tensor }) => {
        const y = tf.neg(x);
        return { x, n, y, again: y, constant: tf.tensor1d([1, 2]), empty: tf.slice(x, 0, 0) };
      },
    );
    const run = await engine.load(fn, undefined as never);
    const result = await run.run({ x: host([1]), n: { shape: [2], data: Int32Array.of(3, 4) }, unused: host([0]) });
    expect(result['x']).toEqual(host([1]));
    expect(result['n']).toEqual({ shape: [2], data: Int32Array.of(3, 4) });
    expect(result['again']).toEqual(host([-1]));
    expect(result['constant']).toEqual(host([1, 2]));
    expect(result['empty']).toEqual({ shape: [0], data: new Float32Array() });
    await run.dispose();
  });

  it.each(['weights', 'with spaces', 'Gewichte-ü-数'])('reads weights of a file in the folder "%s"', (name) =>
    inFolder(async (folder) => {
      const inner = join(folder, name);
      await mkdir(inner);
      const file = join(inner, `${name}.bin`);
      const offset = await writeValues(file, Float32Array.of(9, 2, 3), 12);
      const run = await engine.load(scale, factorOf(storedWeight(file, offset + 4, [2])));
      expect((await run.run({ x: host([10, 10]) }))['y']).toEqual(host([20, 30]));
      await run.dispose();
    }),
  );

  it('follows symbolic links, and reads several folders at once', () =>
    inFolder(async (folder) => {
      const [blobs, snapshot] = [join(folder, 'blobs'), join(folder, 'snapshot')];
      await mkdir(blobs);
      await mkdir(snapshot);
      const offset = await writeValues(join(blobs, 'a1'), Float32Array.of(2));
      await writeValues(join(snapshot, 'b'), Float32Array.of(3));
      await symlink('../blobs/a1', join(snapshot, 'a'));
      const fn = modelFunction(
        (params: { readonly a: tf.Tensor; readonly b: tf.Tensor; readonly c: tf.Tensor }) => params,
        ({ a, b, c }, { x }: { readonly x: tf.Tensor }) => ({ y: tf.add(tf.mul(x, a), tf.mul(b, c)) }),
      );
      const weights = {
        a: storedWeight(join(snapshot, 'a'), offset, [1]),
        b: storedWeight(join(snapshot, 'b'), offset, [1]),
        c: valuesWeight(Float32Array.of(100)),
      };
      const run = await engine.load(fn, weights as never);
      expect((await run.run({ x: host([5]) }))['y']).toEqual(host([310]));
      await run.dispose();
    }));

  it('says when a weight file changed', () =>
    inFolder(async (folder) => {
      const file = join(folder, 'w');
      const offset = await writeValues(file, Float32Array.of(2));
      const run = await engine.load(scale, factorOf(storedWeight(file, offset, [1])));
      await run.run({ x: host([5]) });
      await utimes(file, 1, 1);
      await expect(run.run({ x: host([5]) })).rejects.toMatchObject({
        code: 'weights-changed',
        message: expect.stringContaining(file),
      });
      await expect(run.run({ x: host([5, 6]) })).rejects.toMatchObject({ code: 'weights-changed' });
      await run.dispose();
      const missing = await engine.load(scale, factorOf(storedWeight(join(folder, 'none'), 0, [1])));
      await expect(missing.run({ x: host([5]) })).rejects.toMatchObject({ code: 'weights-changed' });
    }));

  it('runs two models at once', async () => {
    const runs = await Promise.all(
      [2, 3].map((factor) => engine.load(scale, factorOf(valuesWeight(Float32Array.of(factor))))),
    );
    const results = await Promise.all(runs.flatMap((run) => [1, 2].map((x) => run.run({ x: host([x]) }))));
    expect(results.map(({ y }) => y!.data[0])).toEqual([2, 4, 3, 6]);
    await Promise.all(runs.map((run) => run.dispose()));
  });

  it('names functions that cannot be compiled', async () => {
    const fn = modelFunction(
      () => undefined,
      (_part, { x }: { readonly x: tf.Tensor }) => ({ y: tf.tensor(x.dataSync()) }),
    );
    const run = await engine.load(fn, undefined as never, { name: 'image/none encode' });
    await expect(run.run({ x: host([1]) })).rejects.toMatchObject({
      code: 'not-traceable',
      message: expect.stringContaining('image/none encode'),
    });
  });

  it('names the scope of what fails while running', async () => {
    const fn = modelFunction(
      (params: Scale) => params,
      ({ factor }, { x }: { readonly x: tf.Tensor }) => ({
        y: tf.tidy('lookup', () => tf.gather(factor, tf.cast(x, 'int32'))),
      }),
    );
    const run = await engine.load(fn, factorOf(valuesWeight(Float32Array.of(5, 6))), { name: 'tests/gather' });
    expect((await run.run({ x: host([1]) }))['y']).toEqual(host([6]));
    await expect(run.run({ x: host([2]) })).rejects.toMatchObject({
      code: 'run-failed',
      message: expect.stringContaining('tests/gather/lookup'),
    });
    await run.dispose();
  });

  it('takes the arrays of inputs where it may', async () => {
    const fn = modelFunction(
      () => undefined,
      (_part, { p, g }: { readonly p: tf.Tensor; readonly g: tf.Tensor }) => ({ p: tf.sub(p, g) }),
    );
    const run = await engine.load(fn, undefined as never, { consumesInputs: true });
    let p = host([8, 8]);
    for (let step = 0; step < 3; step += 1) {
      const before = p;
      p = (await run.run({ p, g: { shape: [2], data: Float32Array.of(0, 1, 2).subarray(1) } }))['p']!;
      expect(before.data).toHaveLength(0);
    }
    expect(p).toEqual(host([5, 2]));
    await run.dispose();
  });

  it('refuses inputs whose values do not fit the shape, and int8', async () => {
    const run = await engine.load(scale, factorOf(valuesWeight(Float32Array.of(1))));
    await expect(run.run({ x: host([1], [2]) })).rejects.toMatchObject({ argument: 'x' });
    await expect(
      engine.load(scale, factorOf(valuesWeight(Float32Array.of(1))), { precision: 'int8' }),
    ).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('keeps the event loop free during a run', async () => {
    const run = await engine.load(slow, undefined as never);
    await run.run({ x: square(256) });
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 1);
    await run.run({ x: square(256) });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(0);
    await run.dispose();
  });

  it('rejects an aborted run at once, and still serves the next', async () => {
    const run = await engine.load(slow, undefined as never);
    await run.run({ x: square(200) });
    const abort = new AbortController();
    // Long enough that it cannot be over before the timer's turn, however busy the machine.
    const aborted = run.run({ x: square(600) }, { signal: abort.signal });
    setTimeout(() => abort.abort(new Error('enough')), 0);
    await expect(aborted).rejects.toThrow('enough');
    expect((await run.run({ x: square(200) }))['y']!.data[0]).toBeGreaterThan(0);
    await expect(run.run({ x: square(200) }, { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow(
      'before',
    );
    await run.dispose();
  });

  it('waits for what runs when disposed, and refuses afterwards', async () => {
    const own = await createOnnxEngine({ runtime });
    const run = await own.load(scale, factorOf(valuesWeight(Float32Array.of(2))));
    const running = run.run({ x: host([4]) });
    await Promise.all([own.dispose(), own.dispose()]);
    expect((await running)['y']).toEqual(host([8]));
    await expect(run.run({ x: host([4]) })).rejects.toMatchObject({ code: 'disposed' });
    await expect(own.load(scale, factorOf(valuesWeight(Float32Array.of(2))))).rejects.toMatchObject({
      code: 'disposed',
    });
  });

  it('cuts long functions into stages with progress, and stops between them', async () => {
    const staged = await createOnnxEngine({ runtime, stageFlops: 2 * 64 ** 3 * 3 });
    const run = await staged.load(slow, undefined as never, { name: 'x decode' });
    const whole = await (await engine.load(slow, undefined as never)).run({ x: square(64) });
    const events: ProgressEvent[] = [];
    const result = await run.run({ x: square(64) }, { onProgress: (event) => events.push(event) });
    const last = result['y']!.data.at(-1)!;
    expect(last).toBeCloseTo(whole['y']!.data.at(-1)!, 5);
    const steps = events.filter(({ stage }) => stage === 'decode');
    expect(steps.length).toBeGreaterThan(3);
    expect(steps.at(-1)).toMatchObject({ completed: steps.length, total: steps.length });
    const abort = new AbortController();
    let seen = 0;
    const stopped = run.run(
      { x: square(64) },
      { signal: abort.signal, onProgress: () => (seen += 1) === 1 && abort.abort(new Error('stop')) },
    );
    await expect(stopped).rejects.toThrow('stop');
    await staged.dispose();
  });

  it('rejects the run whose progress callback throws', async () => {
    const staged = await createOnnxEngine({ runtime, stageFlops: 2 * 64 ** 3 * 3 });
    const run = await staged.load(slow, undefined as never);
    await run.run({ x: square(64) });
    const failing = run.run(
      { x: square(64) },
      {
        onProgress: () => {
          throw new Error('own mistake');
        },
      },
    );
    await expect(failing).rejects.toThrow('own mistake');
    expect((await run.run({ x: square(64) }))['y']!.shape).toEqual([64, 64]);
    await staged.dispose();
  });

  it('drops the least recently used sessions above its budget, and compiles them again', async () => {
    const small = await createOnnxEngine({ runtime, sessionBytes: 1 });
    const run = await small.load(scale, factorOf(valuesWeight(Float32Array.of(3))));
    for (const count of [1, 2, 3, 1, 2, 3]) {
      const result = await run.run({ x: host(new Array<number>(count).fill(1)) });
      expect(result['y']).toEqual(host(new Array<number>(count).fill(3)));
    }
    await small.dispose();
  });
});

describe('the compiled engine', () => {
  it('maps large weights in memory from a temporary file and removes it', async () => {
    const engine = await createOnnxEngine({ runtime: 'node', prepack: false });
    const values = new Float32Array(17 * 2 ** 20).fill(0.5);
    const fn = modelFunction(
      (params: { readonly a: tf.Tensor; readonly b: tf.Tensor }) => params,
      ({ a, b }, { x }: { readonly x: tf.Tensor }) => ({ y: tf.add(tf.mul(x, tf.max(a)), tf.max(b)) }),
    );
    const run = await engine.load(fn, { a: valuesWeight(values), b: valuesWeight(Float32Array.of(4)) } as never);
    expect((await run.run({ x: host([2]) }))['y']).toEqual(host([5]));
    expect((await run.run({ x: host([2, 4]) }))['y']).toEqual(host([5, 6]));
    await engine.dispose();
  });

  it.runIf(process.platform === 'linux')('keeps the memory of a run, or returns it', async () => {
    const grown = async (memory: 'kept' | 'returned') => {
      const engine = await createOnnxEngine({ runtime: 'node' });
      const wide = modelFunction(
        () => undefined,
        (_part, { x }: { readonly x: tf.Tensor2D }) => ({ y: tf.sum(tf.sin(tf.tile(x, [2 ** 14, 1]))) }),
        { memory },
      );
      const run = await engine.load(wide, undefined as never);
      await run.run({ x: square(4) });
      // What tests before left must not be freed in between.
      setFlagsFromString('--expose-gc');
      (runInNewContext('gc') as () => void)();
      const before = process.memoryUsage.rss();
      expect((await run.run({ x: host(new Array<number>(2 ** 12).fill(0), [1, 2 ** 12]) }))['y']).toEqual(
        host([0], []),
      );
      const grew = process.memoryUsage.rss() - before;
      await engine.dispose();
      return grew;
    };
    expect(await grown('kept')).toBeGreaterThan(2 ** 27);
    expect(await grown('returned')).toBeLessThan(2 ** 26);
  });

  it.runIf(process.platform === 'linux')('maps weight files instead of reading them', () =>
    inFolder(async (folder) => {
      const bytes = 100 * 2 ** 20;
      const file = join(folder, 'large');
      await writeFile(file, '');
      await truncate(file, bytes);
      const engine = await createOnnxEngine({ runtime: 'node', prepack: false });
      const weights = [0, 1].map((half) => storedWeight(file, (half * bytes) / 2, [bytes / 8 / 1024, 1024]));
      const fn = modelFunction(
        (params: { readonly a: tf.Tensor2D; readonly b: tf.Tensor2D }) => params,
        ({ a, b }, { x }: { readonly x: tf.Tensor2D }) => ({ y: tf.matMul(tf.matMul(x, a, false, true), b) }),
      );
      const run = await engine.load(fn, { a: weights[0], b: weights[1] } as never);
      await run.run({ x: host(new Array<number>(1024).fill(1), [1, 1024]) });
      const mapped = (await readFile('/proc/self/maps', 'utf8'))
        .split('\n')
        .filter((line) => line.endsWith(file))
        .map((line) =>
          line
            .split(' ')[0]!
            .split('-')
            .map((address) => Number.parseInt(address, 16)),
        )
        .reduce((sum, [start, end]) => sum + end! - start!, 0);
      expect(mapped).toBeGreaterThanOrEqual(bytes);
      await engine.dispose();
    }),
  );

  it('keeps the model that the runtime finds wrong, and says where', async () => {
    const broken: KernelTable = {
      ...kernels,
      Neg: ({ inputs, graph }) => graph.op('Neg', [graph.cast(inputs['x']!, 'bool')], inputs['x']!),
      Abs: ({ inputs, graph }) => graph.op('Abs', [inputs['x']!], { shape: [7, 7], dtype: 'float32' }),
    };
    const engine = await createOnnxEngine({ runtime: 'node', kernels: broken });
    const fn = modelFunction(
      () => undefined,
      (_part, { x }: { readonly x: tf.Tensor }) => ({ y: tf.neg(x) }),
    );
    const run = await engine.load(fn, undefined as never);
    const error: unknown = await run.run({ x: host([1]) }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'compile-failed' });
    const path = /written to (.+\.onnx)/.exec((error as Error).message)?.[1];
    expect((await stat(path!)).size).toBeGreaterThan(50);
    await rm(dirname(path!), { recursive: true });
    const misshaped = modelFunction(
      () => undefined,
      (_part, { x }: { readonly x: tf.Tensor }) => ({ y: tf.abs(x) }),
    );
    const other = await engine.load(misshaped, undefined as never);
    await expect(other.run({ x: host([1]) })).rejects.toMatchObject({
      message: expect.stringContaining('[7, 7], got [1]'),
    });
    await engine.dispose();
  });

  it('gives the file of a damaged model', () =>
    inFolder(async (folder) => {
      const engine = await createOnnxEngine({ runtime: 'node' });
      const file = join(folder, 'short');
      await writeFile(file, new Uint8Array(4));
      const run = await engine.load(scale, factorOf(storedWeight(file, 0, [1000])), { name: 'tests/short' });
      await expect(run.run({ x: host([1]) })).rejects.toMatchObject({
        code: 'compile-failed',
        message: expect.stringContaining('tests/short'),
      });
      await engine.dispose();
    }));
});
