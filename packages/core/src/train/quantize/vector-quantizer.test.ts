import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { numericGradient } from '../../../test/numeric-gradient';
import { valuesOf, wave } from '../../../test/on-backends';
import { decodeVectors, encodeVectors, queryVectors, type VectorForm } from '../../quantize/vector';
import { expectClose } from '../../test/expect-close';
import { useLeakGuard } from '../../test/leak-guard';
import { entropyLoss } from './entropy-loss';
import { rotationTrick } from './rotation-trick';
import { trainVectors, type VectorEstimator, type VectorTrainingConfig } from './vector-quantizer';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const [count, codes, dim] = [6, 5, 3];
const x = wave(count * dim);
const e = wave(codes * dim, 1);
const ct = wave(count * dim, 2);
const vectors = () => tf.tensor2d(x, [count, dim]);
const table = () => tf.tensor2d(e, [codes, dim]);
const cotangent = () => tf.tensor2d(ct, [count, dim]);
const flags = [false, true];
const cases = flags.flatMap((normalizeQuery) =>
  flags.flatMap((normalizeCodebook) =>
    flags.flatMap((normalizeOutput) =>
      (['straight-through', 'rotation'] as const).map(
        (estimator) =>
          [
            `${[normalizeQuery, normalizeCodebook, normalizeOutput].map(Number).join('')} ${estimator}`,
            { normalizeQuery, normalizeCodebook, normalizeOutput },
            estimator,
          ] as const,
      ),
    ),
  ),
);

describe('training of vector quantizers', () => {
  useLeakGuard();

  it.each(cases)('%s: passes the codes on, with the gradient of the estimator', (_, form, estimator) => {
    const config: VectorTrainingConfig = { ...form, estimator };
    const quantized = valuesOf(() => trainVectors(vectors(), table(), config).quantized);
    const expected = valuesOf(() => decodeVectors(encodeVectors(vectors(), table(), form).ids, table(), form));
    expectClose(quantized, expected, 1e-5);
    const gradient = valuesOf(() =>
      tf.grad((z: tf.Tensor) => tf.sum(tf.mul(trainVectors(z, table(), config).quantized, cotangent())))(vectors()),
    );
    // Both estimators are linear in the query, with constants taken at the vectors themselves.
    const constants = valuesOf(() => {
      const query = queryVectors(vectors(), form);
      return estimator === 'straight-through'
        ? cotangent()
        : tf.grad((z: tf.Tensor) => tf.sum(tf.mul(rotationTrick(z, tf.tensor2d(expected, [count, dim])), cotangent())))(
            query,
          );
    });
    const numeric = numericGradient(
      (z) => tf.sum(tf.mul(queryVectors(z, form), tf.tensor2d(constants, [count, dim]))),
      x,
      [count, dim],
      1e-3,
    );
    expectClose(gradient, numeric, 2e-3);
  });

  const forms: readonly (readonly [string, VectorForm])[] = [
    ['raw', {}],
    ['normalized', { normalizeQuery: true, normalizeCodebook: true, normalizeOutput: true }],
  ];
  it.each(forms)('%s: the loss moves vectors by β and codes by 1', (_, form) => {
    const config: VectorTrainingConfig = { ...form, beta: 0.4 };
    const [ofVectors, ofCodes] = tf.tidy(() =>
      tf
        .grads((z, own) => trainVectors(z!, own as tf.Tensor2D, config).loss)([vectors(), table()])
        .map((gradient) => gradient.dataSync().slice()),
    ) as unknown as Float32Array[];
    const ids = () => encodeVectors(vectors(), table(), form).ids;
    const distance = (z: tf.Tensor, own: tf.Tensor) =>
      tf.mean(tf.squaredDifference(queryVectors(z, form), decodeVectors(ids(), own as tf.Tensor2D, form)));
    expectClose(
      ofVectors!,
      numericGradient((z) => tf.mul(distance(z, table()), 0.4), x, [count, dim]),
      1e-3,
    );
    expectClose(
      ofCodes!,
      numericGradient((own) => distance(vectors(), own), e, [codes, dim]),
      1e-3,
    );
  });

  it('puts β on the other part where it is told so, and sums over vectors', () => {
    const part = (config: VectorTrainingConfig) =>
      tf.tidy(() => {
        const { loss, codebookLoss, commitmentLoss } = trainVectors(vectors(), table(), config);
        return [loss, codebookLoss, commitmentLoss].map((value) => value.dataSync()[0]!);
      }) as unknown as number[];
    const [loss, codebook, commitment] = part({ beta: 0.1 });
    expectClose(loss!, codebook! + commitment!);
    expectClose(commitment!, 0.1 * codebook!);
    const legacy = part({ beta: 0.1, legacy: true });
    expectClose(legacy, [loss!, commitment!, codebook!]);
    expectClose(
      part({ beta: 0.1, reduction: 'sum-of-vector' }),
      [loss! * dim, codebook! * dim, commitment! * dim],
      1e-5,
    );
  });

  it('compares vectors as they came where it is told so', () => {
    const form = { normalizeQuery: true, normalizeCodebook: true } as const;
    const loss = (lossOf: 'query' | 'input') =>
      valuesOf(() => trainVectors(vectors(), table(), { ...form, lossOf, beta: 0 }).loss)[0]!;
    const expected = (normalized: boolean) =>
      valuesOf(() => {
        const chosen = decodeVectors(encodeVectors(vectors(), table(), form).ids, table(), form);
        return tf.mean(tf.squaredDifference(queryVectors(vectors(), { normalizeQuery: normalized }), chosen));
      })[0]!;
    expectClose(loss('input'), expected(false));
    expectClose(loss('query'), expected(true));
  });

  it('adds the entropy of softmaxes over minus the distances', () => {
    const config = { entropyWeight: 0.3, temperature: 0.5 };
    const trained = valuesOf(() => trainVectors(vectors(), table(), config).entropyLoss)[0]!;
    const expected = valuesOf(() => {
      const distances = tf.sum(tf.squaredDifference(tf.expandDims(vectors(), 1), table()), 2);
      return tf.mul(entropyLoss(tf.neg(distances), { temperature: 0.5 }).loss, 0.3);
    })[0]!;
    expectClose(trained, expected, 1e-5);
    expect(valuesOf(() => trainVectors(vectors(), table()).entropyLoss)).toEqual([0]);
  });

  it.each<VectorEstimator>(['rotation-official', 'directional'])('%s: gives the codes too', (estimator) => {
    const quantized = valuesOf(() => trainVectors(vectors(), table(), { estimator }).quantized);
    const expected = valuesOf(() => decodeVectors(encodeVectors(vectors(), table()).ids, table()));
    expectClose(quantized, expected, 1e-4);
  });
});

describe('entropy loss', () => {
  useLeakGuard();

  it('is least where every vector is decided and all codes are used', () => {
    const loss = (logits: number[][]) => valuesOf(() => entropyLoss(tf.tensor2d(logits)).loss)[0]!;
    expectClose(
      loss([
        [9, 0],
        [0, 9],
      ]),
      -Math.log(2),
      1e-4,
    );
    expectClose(
      loss([
        [9, 0],
        [9, 0],
      ]),
      0,
      1e-4,
    );
    expectClose(
      loss([
        [0, 0],
        [0, 0],
      ]),
      0,
      1e-4,
    );
  });

  it('weighs both entropies', () => {
    const values = tf.tidy(() => {
      const options = { temperature: 1, sampleWeight: 2, batchWeight: 3 };
      const { loss, sampleEntropy, batchEntropy } = entropyLoss(tf.tensor2d(wave(12), [4, 3]), options);
      return [loss, sampleEntropy, batchEntropy].map((value) => value.dataSync()[0]!);
    }) as unknown as number[];
    expectClose(values[0]!, 2 * values[1]! - 3 * values[2]!);
    expect(values[2]!).toBeGreaterThan(values[1]!);
  });
});
