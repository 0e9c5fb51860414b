import * as tf from '@tensorflow/tfjs-core';
import { probeEager } from '../../core/src/engine/eager/probe';

/** Values of a tensor that is computed on the plain backend; everything else that is made is freed. */
export async function onCpu(body: () => tf.Tensor): Promise<number[]> {
  await probeEager('cpu');
  await tf.setBackend('cpu');
  return tf.tidy(() => Array.from(body().dataSync()));
}
