import * as tf from '@tensorflow/tfjs-core';
import type { CaseGenerator, CaseTable } from './harness';
import type { Random } from './random';

/** Whole factors up and down, the same size, a single element, and anything else. */
export function resizedLength(random: Random, original: number): number {
  const kind = random.pick(['up', 'down', 'same', 'one', 'any', 'any'] as const);
  if (kind === 'up') return original * random.integer(2, 3);
  if (kind === 'down') return Math.max(1, Math.floor(original / 2));
  if (kind === 'same') return original;
  return kind === 'one' ? 1 : random.integer(1, 13);
}

function resize(op: 'resizeBilinear' | 'resizeNearestNeighbor'): CaseGenerator {
  return (random) => {
    const [height, width] = [random.integer(1, 8), random.integer(1, 8)];
    const factor = random.integer(2, 3);
    const size: [number, number] = random.chance(0.25)
      ? [height * factor, width * factor]
      : [resizedLength(random, height), resizedLength(random, width)];
    const alignment = random.pick(['plain', 'corners', 'centers'] as const);
    const dtype = random.pick(['float32', 'float32', 'int32'] as const);
    return {
      inputs: {
        images: random.tensor([random.integer(1, 3), height, width, random.integer(1, 4)], dtype, { from: -9, to: 9 }),
      },
      run: ({ images }) => tf.image[op](images as tf.Tensor4D, size, alignment === 'corners', alignment === 'centers'),
    };
  };
}

export const resizeCases: CaseTable = {
  ResizeNearestNeighbor: resize('resizeNearestNeighbor'),
  ResizeBilinear: resize('resizeBilinear'),
};
