import type { ResizeBilinearAttrs } from '@tensorflow/tfjs-core';
import type { Value } from '../graph';
import type { GraphBuilder } from '../graph-builder';
import type { KernelTable, TraceKernel } from '../kernel';
import { attributesOf, filled, input, sizeOf } from './lowering';
import type { Alignment } from './resize-axes';
import { linearMatrix, nearestMatrix } from './resize-axes';

type AxisMatrix = (original: number, resized: number, alignment: Alignment) => Float32Array;

/** `matrix · x` along the second last axis of `x` `[batch, resized, rest]`. */
function multiplyAxis(
  graph: GraphBuilder,
  x: Value,
  original: number,
  matrix: AxisMatrix,
  alignment: Alignment,
): Value {
  const [batch, resized, rest] = x.shape as [number, number, number];
  const left = graph.constant(matrix(original, resized, alignment), [original, resized]);
  return graph.op('MatMul', [left, x], { shape: [batch, original, rest], dtype: 'float32' });
}

/** Repeated elements: the slopes of each block are summed. */
function sumBlocks(graph: GraphBuilder, dy: Value, [batch, height, width, channels]: readonly number[]): Value {
  const blocks = [batch!, height!, dy.shape[1]! / height!, width!, dy.shape[2]! / width!, channels!];
  const shape = [batch!, height!, width!, channels!];
  return graph.op(
    'ReduceSum',
    [graph.reshape(dy, blocks), graph.int64([2, 4])],
    { shape, dtype: 'float32' },
    { keepdims: 0 },
  );
}

/**
 * Transposed resizing: one product with a constant matrix an axis. The pixel centers of the forward pass count here
 * as well; tfjs cpu ignores them, mixes up pictures of a batch (nearest) and swaps height and width (bilinear).
 */
function gradientBy(matrix: AxisMatrix, repeats: boolean): TraceKernel {
  return (call) => {
    const { graph } = call;
    const dy = input(call, 'dy');
    const { shape } = input(call, 'images');
    const { alignCorners, halfPixelCenters } = attributesOf<ResizeBilinearAttrs>(call);
    const alignment = { alignCorners, halfPixelCenters: halfPixelCenters ?? false };
    const [batch, height, width, channels] = shape as [number, number, number, number];
    const [, rows, columns] = dy.shape as [number, number, number, number];
    if (sizeOf(dy.shape) === 0 || sizeOf(shape) === 0) return filled(graph, shape, 0, 'float32');
    if (repeats && !alignCorners && rows % height === 0 && columns % width === 0) return sumBlocks(graph, dy, shape);
    const down = multiplyAxis(graph, graph.reshape(dy, [batch, rows, columns * channels]), height, matrix, alignment);
    const across = multiplyAxis(
      graph,
      graph.reshape(down, [batch * height, columns, channels]),
      width,
      matrix,
      alignment,
    );
    return graph.reshape(across, shape);
  };
}

/** Gradients of resizing. */
export const resizeGradientKernels: KernelTable = {
  ResizeNearestNeighborGrad: gradientBy(nearestMatrix, true),
  ResizeBilinearGrad: gradientBy(linearMatrix, false),
};
