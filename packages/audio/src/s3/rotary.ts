import * as tf from '@tensorflow/tfjs-core';

/** Cosines and sines of positions, `[steps, width / 2]` each. */
export interface Rotation {
  readonly cosines: tf.Tensor2D;
  readonly sines: tf.Tensor2D;
}

/** Longest wave, in steps over 2π. */
const theta = 10_000;
const { fround } = Math;

/**
 * Angles of the first steps (RoFormer, arXiv 2104.09864), in float32 as `precompute_freqs_cis` has them.
 *
 * @param width - Of a head; even.
 */
export function rotation(steps: number, width: number): Rotation {
  const half = width / 2;
  const frequencies = Array.from({ length: half }, (_, pair) =>
    fround(1 / fround(theta ** fround((2 * pair) / width))),
  );
  const table = (wave: (angle: number) => number) => {
    const values = new Float32Array(steps * half);
    for (let step = 0; step < steps; step += 1) {
      for (let pair = 0; pair < half; pair += 1) values[step * half + pair] = wave(fround(step * frequencies[pair]!));
    }
    return tf.tensor2d(values, [steps, half]);
  };
  return { cosines: table(Math.cos), sines: table(Math.sin) };
}

/**
 * Channel i of each head turned together with channel i + width / 2, by the angle of their step.
 *
 * @param x - `[B, heads, steps, width]`.
 */
export function rotateHalves(x: tf.Tensor4D, { cosines, sines }: Rotation): tf.Tensor4D {
  const [left, right] = tf.split(x, 2, 3) as [tf.Tensor4D, tf.Tensor4D];
  return tf.concat(
    [
      tf.sub(tf.mul(left, cosines), tf.mul(right, sines)),
      tf.add(tf.mul(right, cosines), tf.mul(left, sines)),
    ] as tf.Tensor4D[],
    3,
  );
}
