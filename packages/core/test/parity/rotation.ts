import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../../src/engine/engine';
import type { ParityRunner } from '../../src/test/parity/parity-case';
import { rotationTrick, type RotationForm } from '../../src/train/quantize/rotation-trick';

/** The rotation trick of both code bases. */
export const runRotation: ParityRunner = async (test, report) => {
  const inputs = { x: test.input('x'), e: test.input('e'), ct: test.input('ct') };
  const results = await test.evaluate(
    ({ x, e, ct }) => ({
      ...rotated('official', 'official', x!, e!, ct!),
      ...rotated('lucid', 'lucidrains', x!, e!, ct!),
    }),
    inputs,
    { gradients: true },
  );
  report.all(results);
};

function rotated(name: string, form: RotationForm, x: tf.Tensor, e: tf.Tensor, ct: tf.Tensor): Tensors {
  const gradient = tf.grad((z: tf.Tensor) => tf.sum(tf.mul(rotationTrick(z, e, form), ct)));
  return { [`${name}_out`]: rotationTrick(x, e, form), [`${name}_grad`]: gradient(x) };
}
