import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it, vi } from 'vitest';
import { EngineError } from '../../errors/engine-error';
import type { Tensors } from '../engine';
import { tap } from '../taps';
import { kernels } from './kernels';
import { trace, type TraceOptions } from './trace';
import type { TracedGraph } from './traced-graph';

type Inputs = Readonly<Record<string, tf.Tensor>>;

const x4 = { x: { shape: [4], dtype: 'float32' } } as const;

function traceOf(
  run: (inputs: { readonly x: tf.Tensor }) => unknown,
  options: Partial<TraceOptions> = {},
): TracedGraph {
  return trace((_part, inputs: Inputs) => run(inputs as { x: tf.Tensor }) as Tensors, undefined, x4, {
    kernels,
    name: 'tests/model',
    ...options,
  });
}

function refusal(run: (inputs: { readonly x: tf.Tensor }) => unknown): EngineError {
  try {
    traceOf(run);
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('trace', () => {
  it('records what a function computes, with scopes', () => {
    const graph = traceOf(({ x }) => ({ y: tf.tidy('block', () => tf.exp(x)) }));
    expect(graph.nodes).toHaveLength(1);
    expect(graph.nodes[0]).toMatchObject({ op: 'Exp', scope: expect.stringContaining('tests/model/block') });
    expect(graph.outputs).toMatchObject([{ name: 'y', value: { dtype: 'float32', shape: [4] } }]);
  });

  it('leaves no tensors behind and restores the backend, also after a failure', async () => {
    await tf.setBackend('cpu');
    const before = tf.memory().numTensors;
    traceOf(({ x }) => ({ y: tf.add(x, 1) }));
    expect(() =>
      traceOf(() => {
        throw new Error('own');
      }),
    ).toThrow('own');
    expect(tf.memory().numTensors).toBe(before);
    expect(tf.getBackend()).toBe('cpu');
    expect(tf.add(1, 1).arraySync()).toBe(2);
    expect(Math.random()).toBeGreaterThanOrEqual(0);
  });

  it('passes the checks of kernels for leaked data ids', () => {
    const before = tf.env().getBool('IS_TEST');
    tf.env().set('IS_TEST', true);
    try {
      expect(
        traceOf(({ x }) => ({ y: tf.clone(tf.cast(tf.reshape(x, [2, 2]), 'float32')), z: tf.unstack(x)[0] })).outputs,
      ).toHaveLength(2);
    } finally {
      tf.env().set('IS_TEST', before);
    }
  });

  it('gives new tensors for values that repeat', () => {
    const graph = traceOf(({ x }) => {
      const copy = tf.clone(x);
      x.dispose();
      return { y: tf.neg(copy) };
    });
    expect(graph.nodes.map(({ op }) => op)).toEqual(['Neg']);
  });

  it('copies tensors of other backends and leaves them readable', async () => {
    await tf.setBackend('cpu');
    const captured = tf.tensor1d([1, 2, 3, 4]);
    const graph = traceOf(({ x }) => ({ y: tf.add(tf.add(x, captured), captured) }));
    const constants = new Set(
      graph.nodes.flatMap(({ inputs }) => inputs).filter((value) => value?.source.kind === 'constant'),
    );
    expect(constants.size).toBe(1);
    expect([...captured.dataSync()]).toEqual([1, 2, 3, 4]);
    captured.dispose();
  });

  it('says which large tensor should be a parameter', async () => {
    await tf.setBackend('cpu');
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const captured = tf.zeros([512, 600]);
    traceOf(() => ({ y: tf.neg(captured) }));
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('float32[512, 600]'));
    warn.mockRestore();
    captured.dispose();
  });

  it('reads constants', () => {
    const graph = traceOf(({ x }) => {
      const [shift] = tf.tensor1d([3]).dataSync();
      return { y: tf.add(x, shift!) };
    });
    expect(graph.outputs).toHaveLength(1);
  });

  it('refuses reads of values with type, op and place', () => {
    const error = refusal(({ x }) => ({ y: tf.tensor(tf.exp(x).dataSync()) }));
    expect(error.code).toBe('not-traceable');
    expect(error.message).toMatch(/tests\/model: .*float32\[4\], the result of .*Exp.*read it outside/);
    expect(error.message).toContain('trace.test.ts');
  });

  it('refuses asynchronous reads, awaited or not', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const ignoring = refusal(({ x }) => {
      x.data().catch(() => undefined);
      return { y: x };
    });
    const awaiting = refusal(async ({ x }) => ({ y: tf.tensor(await x.data()) }));
    await new Promise((resolve) => {
      setTimeout(resolve, 0);
    });
    process.off('unhandledRejection', unhandled);
    expect(ignoring.message).toContain("the input 'x'");
    expect(awaiting.message).toContain("the input 'x'");
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('refuses asynchronous functions', () => {
    expect(refusal(async ({ x }) => ({ y: x })).message).toContain('returns a promise');
  });

  it('refuses randomness', () => {
    expect(refusal(() => ({ y: tf.randomNormal([4]) })).message).toContain('random');
    expect(refusal(({ x }) => ({ y: tf.dropout(x, 0.5) })).message).toContain('random');
  });

  it('refuses ops without a kernel by name', () => {
    const error = refusal(({ x }) => ({ y: tf.real(tf.complex(x, x)) }));
    expect(error).toMatchObject({ code: 'not-traceable', operation: expect.stringContaining('tests/model') });
    expect(error.message).toContain('Complex');
  });

  it('refuses variables', async () => {
    await tf.setBackend('cpu');
    const variable = tf.variable(tf.tensor1d([1, 2, 3, 4]));
    expect(refusal(({ x }) => ({ y: tf.add(x, variable) })).message).toContain('variable');
    variable.dispose();
    expect(refusal(({ x }) => ({ y: tf.variable(x) })).message).toContain('variable');
  });

  it('refuses disposed tensors and tensors of another trace', () => {
    let escaped: tf.Tensor | undefined;
    traceOf(({ x }) => {
      escaped = tf.keep(tf.exp(x));
      return { y: escaped };
    });
    expect(refusal(() => ({ y: tf.neg(escaped!) })).message).toContain('another compiled function');
    escaped!.dispose();
    expect(
      refusal(({ x }) => {
        const y = tf.exp(x);
        y.dispose();
        return { y };
      }).message,
    ).toContain('disposed');
  });

  it('refuses to start inside of a gradient', async () => {
    await tf.setBackend('cpu');
    const inside = () =>
      tf.grad((x: tf.Tensor) => {
        traceOf((inputs) => ({ y: inputs.x }));
        return tf.sum(x);
      })(tf.tensor1d([1]));
    expect(inside).toThrow(EngineError);
  });

  it('traces gradients', () => {
    const graph = traceOf(({ x }) => ({ dx: tf.grad((each: tf.Tensor) => tf.sum(tf.square(each)))(x) }));
    expect(graph.outputs[0]!.value.shape).toEqual([4]);
  });

  it('adds taps as outputs, where they are collected', () => {
    const run = ({ x }: { readonly x: tf.Tensor }) => ({ y: tf.tidy(() => tf.neg(tap('inner', tf.exp(x)))) });
    expect(traceOf(run).outputs.map(({ name }) => name)).toEqual(['y']);
    expect(traceOf(run, { collectTaps: true }).outputs.map(({ name }) => name)).toEqual(['y', 'tap:inner']);
  });

  it('makes booleans int32 for the host', () => {
    const run = ({ x }: { readonly x: tf.Tensor }) => ({ y: tf.greater(x, 0) });
    expect(traceOf(run).outputs[0]!.value.dtype).toBe('bool');
    expect(traceOf(run, { hostOutputs: true }).outputs[0]!.value.dtype).toBe('int32');
  });
});
