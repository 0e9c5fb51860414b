import * as tf from '@tensorflow/tfjs-core';
import { dualHalves, nearestDual, type DualConfig, type DualParams } from '../../quantize/dual';
import { l2Normalize } from '../../quantize/nearest';
import { squaredDistances } from '../../quantize/nearest-blocks';
import { detached, lookupRows } from '../detached';
import { meanSquaredLoss, stopGradient } from '../losses';
import { straightThrough } from '../straight-through';
import { entropyLoss } from './entropy-loss';
import type { VectorTraining } from './vector-quantizer';

/**
 * The training form of `dual` (TokenFlow's `VectorQuantizer`): losses between normalized halves and normalized rows, as
 * means over both. With `semanticAverages` the semantic table gets no loss (its rows follow averages of its vectors,
 * as in `trainAveragedVector`), and the means of the halves are taken apart.
 *
 * @param x - `[..., semanticDim + pixelDim]`, float32.
 */
export function trainDual(x: tf.Tensor, params: DualParams, config: DualConfig): VectorTraining {
  const halves = dualHalves(x, config);
  const { pixel, semantic } = config.semanticAverages
    ? { ...params, semantic: stopGradient(params.semantic) as tf.Tensor2D }
    : params;
  const ids = detached(
    [...halves, semantic, pixel],
    (s, p, first, second) =>
      nearestDual([s!, p!], { semantic: first as tf.Tensor2D, pixel: second as tf.Tensor2D }, config).ids,
  );
  const codes = [semantic, pixel].map((table) => l2Normalize(lookupRows(table, ids)));
  const [z, q] = [tf.concat([...halves], -1), tf.concat(codes, -1)];
  const { codebookLoss, commitmentLoss } = config.semanticAverages ? apart(halves, codes) : together(z, q);
  const parts = {
    codebookLoss,
    commitmentLoss: tf.mul(commitmentLoss, config.beta) as tf.Scalar,
    entropyLoss: entropyPart(halves, [semantic, pixel], config),
  };
  return {
    quantized: straightThrough(z, () => tf.clone(q)),
    ids,
    loss: tf.addN([parts.codebookLoss, parts.commitmentLoss, parts.entropyLoss]) as tf.Scalar,
    ...parts,
  };
}

function together(z: tf.Tensor, q: tf.Tensor) {
  return { codebookLoss: meanSquaredLoss(q, stopGradient(z)), commitmentLoss: meanSquaredLoss(stopGradient(q), z) };
}

function apart(halves: readonly tf.Tensor[], codes: readonly tf.Tensor[]) {
  const commitments = halves.map((half, index) => meanSquaredLoss(stopGradient(codes[index]!), half));
  return {
    codebookLoss: meanSquaredLoss(codes[1]!, stopGradient(halves[1]!)),
    commitmentLoss: tf.addN(commitments),
  };
}

function entropyPart(halves: readonly tf.Tensor[], tables: readonly tf.Tensor2D[], config: DualConfig): tf.Scalar {
  if (config.entropyWeight === 0) return tf.scalar(0);
  const [semantic, pixel] = tables.map((table, index) => {
    const rows = tf.reshape(halves[index]!, [-1, table.shape[1]]) as tf.Tensor2D;
    return squaredDistances(rows, l2Normalize(table) as tf.Tensor2D);
  });
  const distances = tf.add(semantic!, tf.mul(pixel!, config.pixelWeight));
  return tf.mul(entropyLoss(tf.neg(distances)).loss, config.entropyWeight) as tf.Scalar;
}
