import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { numericGradient } from '../../../test/numeric-gradient';
import { valuesOf, wave } from '../../../test/on-backends';
import { expectClose } from '../../test/expect-close';
import { useLeakGuard } from '../../test/leak-guard';
import { detached, lookupRows } from '../detached';
import { directionalReparameterization } from './directional-reparameterization';
import { rotationTrick } from './rotation-trick';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('the rotation trick', () => {
  useLeakGuard();
  const gradientOf = (x: number[], e: number[], ct: number[], form: 'official' | 'lucidrains') =>
    valuesOf(() =>
      tf.grad((z: tf.Tensor) => tf.sum(tf.mul(rotationTrick(z, tf.tensor2d([e]), form), tf.tensor2d([ct]))))(
        tf.tensor2d([x]),
      ),
    );

  it('has the worked example of the specification', () => {
    for (const form of ['official', 'lucidrains'] as const) {
      expectClose(
        valuesOf(() => rotationTrick(tf.tensor2d([[1, 2, 2]]), tf.tensor2d([[0, 3, 4]]), form)),
        [0, 3, 4],
        1e-5,
      );
      const gradient = gradientOf([1, 2, 2], [0, 3, 4], [1, 0, 0], form);
      expectClose(gradient, [1.57088123, -0.36398467, -0.42145594], 1e-5);
    }
  });

  it('turns gradients as it turns the vector: lengths are kept but for the scale', () => {
    const [x, e, ct] = [wave(7), wave(7, 1), wave(7, 2)].map((values) => [...values]);
    const gradient = gradientOf(x!, e!, ct!, 'lucidrains');
    const length = (values: readonly number[]) => Math.hypot(...values);
    expectClose(length(gradient) / length(ct!), length(e!) / length(x!), 1e-5);
  });

  it('gives no gradient to codes', () => {
    const gradient = valuesOf(() =>
      tf.grad((code: tf.Tensor) => tf.sum(rotationTrick(tf.tensor2d([[1, 2]]), code)))(tf.tensor2d([[3, 4]])),
    );
    expect(gradient).toEqual([0, 0]);
  });

  it('stands vectors of zeros with the guard of lucidrains', () => {
    expect(valuesOf(() => rotationTrick(tf.zeros([1, 2]), tf.ones([1, 2]))).every(Number.isFinite)).toBe(true);
    expect(gradientOf([0, 0], [1, 1], [1, 2], 'lucidrains').every(Number.isFinite)).toBe(true);
  });

  it('is undefined for opposite vectors in the official form only', () => {
    const opposite = (form: 'official' | 'lucidrains') =>
      valuesOf(() => rotationTrick(tf.tensor2d([[1, 0]]), tf.tensor2d([[-1, 0]]), form));
    expect(opposite('official')[0]).toBeNaN();
    expect(opposite('lucidrains').every(Number.isFinite)).toBe(true);
  });
});

describe('directional reparameterization', () => {
  useLeakGuard();
  const shape = [4, 3];
  const [x, e, noise, ct] = [0, 1, 2, 3].map((phase) => wave(12, phase)) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const make = (data: ArrayLike<number>) => tf.tensor(Float32Array.from(data), shape);

  it('gives the code without noise, and goes the same distance with it', () => {
    const forward = (variance: number) =>
      valuesOf(() => directionalReparameterization(make(x), make(e), make(noise), variance));
    expectClose(forward(0), e, 1e-6);
    const distance = (values: ArrayLike<number>) =>
      valuesOf(() => tf.sqrt(tf.sum(tf.squaredDifference(make(values), make(x)), 1)));
    expectClose(distance(forward(0.5)), distance(e), 1e-5);
    expect(forward(0.5)).not.toEqual(forward(0));
  });

  it('moves vector and code through the length of the error', () => {
    const direction = valuesOf(() => {
      const noisy = tf.add(tf.sub(make(e), make(x)), tf.mul(make(noise), Math.sqrt(5e-3)));
      return tf.div(noisy, tf.sqrt(tf.sum(tf.square(noisy), 1, true)));
    });
    const held = (from: tf.Tensor, to: tf.Tensor) => {
      const length = tf.sqrt(tf.sum(tf.squaredDifference(to, from), 1, true));
      return tf.sum(tf.mul(tf.add(from, tf.mul(make(direction), length)), make(ct)));
    };
    const gradients = tf.tidy(() =>
      tf
        .grads((from, to) => tf.sum(tf.mul(directionalReparameterization(from!, to!, make(noise)), make(ct))))([
          make(x),
          make(e),
        ])
        .map((gradient) => gradient.dataSync().slice()),
    ) as unknown as Float32Array[];
    expectClose(
      gradients[0]!,
      numericGradient((from) => held(from, make(e)), x, shape),
      1e-3,
    );
    expectClose(
      gradients[1]!,
      numericGradient((to) => held(make(x), to), e, shape),
      1e-3,
    );
  });

  it('has a gradient where a vector is its code', () => {
    const gradient = valuesOf(() =>
      tf.grad((z: tf.Tensor) => tf.sum(directionalReparameterization(z, make(x), make(noise))))(make(x)),
    );
    expectClose(gradient, new Array<number>(12).fill(1));
  });
});

describe('decisions without gradients', () => {
  useLeakGuard();

  it('leave the gradient to the table alone', () => {
    const [ofVectors, ofTable] = tf.tidy(() =>
      tf
        .grads((z, table) => {
          const ids = detached([z!], (values) => tf.argMax(values!, 1));
          return tf.add(tf.sum(lookupRows(table as tf.Tensor2D, ids)), tf.mul(tf.sum(z!), 3));
        })([
          tf.tensor2d([
            [1, 2],
            [4, 3],
            [5, 0],
          ]),
          tf.zeros([2, 2]),
        ])
        .map((gradient) => Array.from(gradient.dataSync())),
    ) as unknown as number[][];
    expect(ofVectors).toEqual([3, 3, 3, 3, 3, 3]);
    expect(ofTable).toEqual([2, 2, 1, 1]);
  });

  it('look rows up in any shape', () => {
    const rows = valuesOf(() =>
      lookupRows(
        tf.tensor2d([
          [1, 2],
          [3, 4],
        ]),
        tf.tensor2d([[1, 0, 1]], [1, 3], 'int32'),
      ),
    );
    expect(rows).toEqual([3, 4, 1, 2, 3, 4]);
  });
});
