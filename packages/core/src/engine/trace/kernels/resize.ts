import type { ResizeBilinearAttrs, ResizeNearestNeighborAttrs } from '@tensorflow/tfjs-core';
import type { Value } from '../graph';
import type { GraphBuilder } from '../graph-builder';
import type { KernelTable, TraceKernel } from '../kernel';
import { attributesOf, filled, input, sizeOf, slice, tensorType } from './lowering';
import { nearestSources } from './resize-axes';
import { toChannelsFirst, toChannelsLast } from './windows';

/** A `Resize` between two transposes, which meet those of neighbouring convolutions. `images` is `[N, H, W, C]`. */
function resizeNode(
  graph: GraphBuilder,
  images: Value,
  [height, width]: readonly [number, number],
  attributes: Readonly<Record<string, string>>,
): Value {
  const x = toChannelsFirst(graph, images);
  const shape = [x.shape[0]!, x.shape[1]!, height, width];
  const y = graph.op('Resize', [x, null, null, graph.int64(shape)], { shape, dtype: x.dtype }, attributes);
  return toChannelsLast(graph, y);
}

/** Copies along one axis: a strided Slice where the sources are evenly spaced, otherwise a Gather. */
function copyAlong(graph: GraphBuilder, x: Value, axis: number, sources: readonly number[]): Value {
  const shape = x.shape.map((length, index) => (index === axis ? sources.length : length));
  const [first, step] = [sources[0]!, (sources[1] ?? sources[0]! + 1) - sources[0]!];
  if (step > 0 && sources.every((source, index) => source === first + index * step)) {
    const starts = x.shape.map((_, index) => (index === axis ? first : 0));
    return slice(
      graph,
      x,
      starts,
      shape,
      x.shape.map((_, index) => (index === axis ? step : 1)),
    );
  }
  const indices = graph.constant(Int32Array.from(sources), [sources.length]);
  return graph.op('Gather', [x, indices], { shape, dtype: x.dtype }, { axis });
}

/**
 * Whole factors are a Resize: every element is repeated, whatever the pixel centers. Anything else copies tfjs's own
 * rounding, which differs from ONNX's.
 */
const resizeNearestNeighbor: TraceKernel = (call) => {
  const { graph } = call;
  const images = input(call, 'images');
  const { size, ...alignment } = attributesOf<ResizeNearestNeighborAttrs>(call);
  const [batch, height, width, channels] = images.shape as [number, number, number, number];
  const shape = [batch, ...size, channels];
  if (sizeOf(shape) === 0) return filled(graph, shape, 0, tensorType('ResizeNearestNeighbor', images.dtype));
  if (size[0] === height && size[1] === width) return images;
  if (!alignment.alignCorners && size[0] % height === 0 && size[1] % width === 0) {
    return resizeNode(graph, images, size, {
      mode: 'nearest',
      coordinate_transformation_mode: 'asymmetric',
      nearest_mode: 'floor',
    });
  }
  const rows = copyAlong(graph, images, 1, nearestSources(height, size[0], alignment));
  return copyAlong(graph, rows, 2, nearestSources(width, size[1], alignment));
};

const resizeBilinear: TraceKernel = (call) => {
  const { graph } = call;
  const images = graph.cast(input(call, 'images'), 'float32');
  const { size, alignCorners, halfPixelCenters } = attributesOf<ResizeBilinearAttrs>(call);
  const [batch, height, width, channels] = images.shape as [number, number, number, number];
  const shape = [batch, ...size, channels];
  if (sizeOf(shape) === 0) return filled(graph, shape, 0, 'float32');
  if (size[0] === height && size[1] === width) return images;
  const aligned = alignCorners ? 'align_corners' : 'asymmetric';
  return resizeNode(graph, images, size, {
    mode: 'linear',
    coordinate_transformation_mode: halfPixelCenters ? 'half_pixel' : aligned,
  });
};

/** Resizing of pictures `[N, H, W, C]`. */
export const resizeKernels: KernelTable = {
  ResizeNearestNeighbor: resizeNearestNeighbor,
  ResizeBilinear: resizeBilinear,
};
