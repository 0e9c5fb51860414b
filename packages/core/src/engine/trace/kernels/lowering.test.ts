import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { kernels } from '.';
import { EngineError } from '../../../errors/engine-error';
import type { TensorType } from '../graph';
import { createGraphRecorder } from '../graph-recorder';
import { trace } from '../trace';
import { withoutDeadCode } from '../traced-graph';
import { filled, slice } from './lowering';

type Run = (inputs: Readonly<Record<string, tf.Tensor>>) => tf.Tensor;

function operators(run: Run, inputs: Readonly<Record<string, TensorType>>): string[] {
  const graph = trace((_part, tensors) => ({ y: run(tensors) }), undefined, inputs, { kernels });
  return withoutDeadCode(graph).nodes.map(({ op }) => op);
}

const float = (...shape: number[]): TensorType => ({ shape, dtype: 'float32' });
const integer = (...shape: number[]): TensorType => ({ shape, dtype: 'int32' });
const bool = (...shape: number[]): TensorType => ({ shape, dtype: 'bool' });

describe('filled', () => {
  it('inlines 64 elements and expands more', () => {
    const graph = createGraphRecorder();
    expect(filled(graph, [8, 8], 2, 'float32').source.kind).toBe('constant');
    const large = filled(graph, [8, 9], 2, 'float32');
    expect(large.source.kind === 'node' && large.source.node.op).toBe('Expand');
    expect(large.shape).toEqual([8, 9]);
  });
});

describe('slice', () => {
  it('is the tensor itself where everything is kept, and a constant where nothing is', () => {
    const graph = createGraphRecorder();
    const x = graph.input('x', float(3, 4));
    expect(slice(graph, x, [0, 0], [3, 4])).toBe(x);
    expect(slice(graph, x, [0, 1], [3, 0]).source.kind).toBe('constant');
    expect(graph.nodes).toHaveLength(0);
  });
});

describe('what is recorded', () => {
  it('leaves broadcasting to Where', () => {
    const inputs = { condition: bool(1, 6), t: float(5, 6), e: float(5, 1) };
    expect(operators(({ condition, t, e }) => tf.where(condition!, t!, e!), inputs)).toEqual(['Where']);
  });

  it('guards integer division unless the divisor is known', () => {
    expect(operators(({ x, y }) => tf.floorDiv(x!, y!), { x: integer(4), y: integer(4) })).toContain('Where');
    expect(operators(({ x }) => tf.floorDiv(x!, tf.scalar(3, 'int32')), { x: integer(4) })).not.toContain('Where');
  });

  it('scatters without ScatterND, whose threads race', () => {
    const inputs = { x: float(8, 2), ids: integer(8) };
    const found = operators(({ x, ids }) => tf.unsortedSegmentSum(x!, ids as tf.Tensor1D, 3), inputs);
    expect(found).toContain('ScatterElements');
    expect(found).not.toContain('ScatterND');
  });

  it('adds nothing for an empty list of axes', () => {
    expect(operators(({ x }) => tf.sum(x!, []), { x: float(2, 3) })).toEqual([]);
  });
});

describe('what is refused', () => {
  const cases: readonly [string, Run, Readonly<Record<string, TensorType>>, RegExp][] = [
    [
      'channels-first blocks',
      ({ x }) => tf.depthToSpace(x as tf.Tensor4D, 2, 'NCHW'),
      { x: float(1, 8, 2, 2) },
      /NHWC/,
    ],
    ['a quotient of booleans', ({ x, y }) => tf.div(x!, y!), { x: bool(2), y: bool(2) }, /cast them to float32/],
    [
      'segment ids of two axes',
      ({ x, ids }) => tf.unsortedSegmentSum(x!, ids as tf.Tensor1D, 3),
      { x: float(2, 2), ids: integer(2, 2) },
      /rank 1/,
    ],
    ['complex numbers', ({ x }) => tf.cast(x!, 'complex64'), { x: float(2) }, /complex64/],
  ];

  it.each(cases)('%s', (_, run, inputs, message) => {
    const traced = () => operators(run, inputs);
    expect(traced).toThrow(EngineError);
    expect(traced).toThrow(message);
  });
});
