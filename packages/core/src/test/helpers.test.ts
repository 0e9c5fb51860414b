import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { modelFunction } from '../engine/engine';
import { expectClose } from './expect-close';
import { createFakeEngine } from './fake-engine';
import { useLeakGuard } from './leak-guard';
import { tinyWeights } from './tiny-weights';

describe('expectClose', () => {
  it('takes numbers, arrays and tensors', () => {
    expectClose(1, 1 + 1e-9);
    expectClose([1, 2], Float32Array.of(1, 2));
    expectClose({ shape: [2], data: Float32Array.of(1, 2) }, [1, 2]);
  });

  it('names the largest difference', () => {
    expect(() => expectClose([0, 1, 2], [0, 1.25, 2.5], 0.1)).toThrow(
      'largest difference 0.5 at [2] (tolerance 0.1): got 2, expected 2.5',
    );
  });

  it('compares lengths and shapes', () => {
    expect(() => expectClose([1], [1, 2])).toThrow('expected 2 values, got 1');
    const data = Float32Array.of(1, 2);
    expect(() => expectClose({ shape: [2], data }, { shape: [2, 1], data })).toThrow(/shape/);
  });
});

describe('createFakeEngine', () => {
  it('records calls and answers them', async () => {
    const engine = createFakeEngine(({ inputs }) => ({ y: inputs['x']! }));
    const fn = modelFunction(
      () => ({}),
      (_part, inputs: { readonly x: tf.Tensor }) => ({ y: inputs.x }),
    );
    const executable = await engine.load(fn, {}, { name: 'copy' });
    const x = { shape: [1], data: Float32Array.of(1) };
    expect(await executable.run({ x })).toEqual({ y: x });
    expect(engine.calls.map(({ name }) => name)).toEqual(['copy']);
    expect(engine.loaded).toBe(1);
    await executable.dispose();
    await executable.dispose();
    expect(engine.loaded).toBe(0);
    await expect(executable.run({ x })).rejects.toMatchObject({ code: 'disposed' });
    await expect(
      engine.load(fn, {}).then((other) => other.run({ x }, { signal: AbortSignal.abort('stop') })),
    ).rejects.toBe('stop');
  });
});

describe('tinyWeights', () => {
  it('depend on key and seed only', () => {
    const shapes = { 'a.weight': [2, 3], 'a.bias': [2] };
    expect(tinyWeights(shapes)).toEqual(tinyWeights(shapes));
    expect(tinyWeights(shapes, 2)).not.toEqual(tinyWeights(shapes));
    expect(Math.max(...tinyWeights(shapes)['a.weight']!.data.map(Math.abs))).toBeLessThanOrEqual(1);
  });
});

describe('useLeakGuard', () => {
  useLeakGuard();

  it('lets tests pass that clean up', () => {
    const before = tf.engine().state.numTensors;
    const leaked = tf.tensor1d([1, 2]);
    expect(tf.engine().state.numTensors).toBe(before + 1);
    leaked.dispose();
  });
});

describe('useLeakGuard, after a test', () => {
  let left: tf.Tensor | undefined;
  // Runs after the guard's own hook, which must have failed the test by then.
  afterEach(() => {
    left?.dispose();
  });
  useLeakGuard();

  it.fails('fails a test that leaves a tensor', () => {
    left = tf.tensor1d([1]);
  });
});
