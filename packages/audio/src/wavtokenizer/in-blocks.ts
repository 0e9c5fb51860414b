import * as tf from '@tensorflow/tfjs-core';
import { firstSteps } from '@tesserae/core/nn';

/** Largest table that a block is given, bytes. */
const largestTable = 16 * 2 ** 20;

/**
 * What a function gives for every frame by itself. Long clips go through it in blocks of frames, which changes nothing:
 * its tables take at most 16 MiB each.
 *
 * @param x - `[B, F, width]`.
 * @param columns - Values that the largest table of the function has for a frame.
 * @param each - Takes and gives `[B, frames, any]`.
 */
export function inBlocks(x: tf.Tensor3D, columns: number, each: (block: tf.Tensor3D) => tf.Tensor3D): tf.Tensor3D {
  const [batch, frames] = x.shape;
  const rows = Math.max(1, Math.floor(largestTable / 4 / batch / columns));
  if (rows >= frames) return each(x);
  const blocks: tf.Tensor3D[] = [];
  for (let start = 0; start < frames; start += rows) {
    blocks.push(each(firstSteps(x, Math.min(rows, frames - start), start)));
  }
  return tf.concat(blocks, 1);
}
