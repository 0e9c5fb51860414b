import type { ImageSignal } from '@tesserae/core/data';
import type { MetricResult } from '@tesserae/core/metrics';
import type { MeasuredTensor, ParityCase } from '@tesserae/core/test';

/** Two batches of 8-bit pictures, `u8_a` and `u8_b`, `[batch, height, width, channels]`. */
export interface ImageBatches {
  /** The metric of each pair of bytes, `[batch]`. */
  bytes(metric: Metric): MeasuredTensor;
  /** The same of floats, `byte / 255`. */
  floats(metric: Metric): MeasuredTensor;
}

export type Metric = (reference: ImageSignal, image: ImageSignal) => MetricResult;

export function imageBatches(test: ParityCase): ImageBatches {
  const [references, images] = ['u8_a', 'u8_b'].map((name) => split(test, name)) as [ImageSignal[], ImageSignal[]];
  const values = (metric: Metric, prepare: (image: ImageSignal) => ImageSignal): MeasuredTensor => ({
    shape: [references.length],
    data: Float64Array.from(
      references,
      (reference, index) => metric(prepare(reference), prepare(images[index]!)).value,
    ),
  });
  return {
    bytes: (metric) => values(metric, (image) => image),
    floats: (metric) =>
      values(metric, (image) => ({ ...image, data: Float32Array.from(image.data, (byte) => byte / 255) })),
  };
}

function split(test: ParityCase, name: string): ImageSignal[] {
  const { shape, data } = test.input(name);
  const [batch = 0, height = 0, width = 0, channels = 0] = shape;
  const size = height * width * channels;
  return Array.from({ length: batch }, (_, index) => ({
    modality: 'image',
    width,
    height,
    channels: channels as ImageSignal['channels'],
    data: Uint8Array.from(data.subarray(index * size, (index + 1) * size)),
  }));
}
