import * as tf from '@tensorflow/tfjs-core';
import type { CaseGenerator, CaseTable } from './harness';
import type { Random } from './random';

type Fused = Parameters<typeof tf.fused.matMul>[0];

interface Operands {
  readonly a: number[];
  readonly b: number[];
  readonly result: number[];
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** tfjs's gradient does not broadcast. */
  readonly differentiable: boolean;
}

/** Batch axes equal, of length 1, or missing on one side; or broadcasting to both. */
function operands(random: Random, broadcast = false): Operands {
  const length = () => random.integer(1, random.pick([1, 4, 9]));
  const [rows, inner, columns] = [length(), length(), length()];
  const [transposeA, transposeB] = [random.chance(0.5), random.chance(0.5)];
  const full = random.shape({ maxRank: 2, maxLength: 3 });
  const other = random.pick([full, full, full.map(() => 1), []]);
  const pair: [number[], number[]] = broadcast ? random.broadcastPair({ maxRank: 3, maxLength: 3 }) : [full, other];
  const [a, b] = random.chance(0.7) ? pair : [pair[1], pair[0]];
  return {
    a: [...a, ...(transposeA ? [inner, rows] : [rows, inner])],
    b: [...b, ...(transposeB ? [columns, inner] : [inner, columns])],
    result: [...tf.broadcast_util.assertAndGetBroadcastShape(a, b), rows, columns],
    transposeA,
    transposeB,
    differentiable: a.join() === b.join(),
  };
}

const product: CaseGenerator = (random) => {
  const { a, b, transposeA, transposeB, differentiable } = operands(random);
  const dtype = random.chance(0.2) ? 'int32' : 'float32';
  return {
    inputs: { a: random.tensor(a, dtype), b: random.tensor(b, dtype) },
    run: ({ a: x, b: y }) => tf.matMul(x!, y!, transposeA, transposeB),
    gradients: dtype === 'float32' && differentiable ? ['a', 'b'] : [],
  };
};

/** tfjs cpu takes wrong matrices where an axis other than the first ones is repeated: it gets them repeated already. */
const broadcastProduct: CaseGenerator = (random) => {
  const { a, b, result, transposeA, transposeB } = operands(random, true);
  const batch = result.slice(0, -2);
  return {
    inputs: { a: random.tensor(a), b: random.tensor(b) },
    run: (inputs) => {
      const [x, y] = [inputs['a']!, inputs['b']!].map((each) =>
        tf.getBackend() === 'cpu' ? tf.broadcastTo(each, [...batch, ...each.shape.slice(-2)]) : each,
      );
      return tf.matMul(x!, y!, transposeA, transposeB);
    },
  };
};

const emptyProduct: CaseGenerator = (random) => {
  const lengths = [random.integer(0, 2), random.integer(0, 2), random.integer(0, 2)];
  lengths[random.integer(0, 2)] = 0;
  const [rows, inner, columns] = lengths as [number, number, number];
  return {
    inputs: { a: random.tensor([2, rows, inner]), b: random.tensor([2, inner, columns]) },
    run: ({ a, b }) => tf.matMul(a!, b!),
  };
};

/** A bias of one number a column, of one number, or of the whole shape. */
const fusedProduct: CaseGenerator = (random) => {
  const { a, b, result, transposeA, transposeB, differentiable } = operands(random);
  const activation = random.pick(['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'] as const);
  const columns = result.at(-1)!;
  const biasShape = random.pick([[columns], [columns], [1], result.slice(-2)]);
  const slopeShape = random.pick([[columns], [1], result.slice(-2)]);
  const withBias = random.chance(0.8);
  const smooth = ['linear', 'elu', 'sigmoid'].includes(activation);
  return {
    inputs: {
      a: random.tensor(a),
      b: random.tensor(b),
      ...(withBias ? { bias: random.tensor(biasShape) } : {}),
      ...(activation === 'prelu' ? { slope: random.tensor(slopeShape) } : {}),
    },
    run: (inputs) =>
      tf.fused.matMul({
        a: inputs['a'],
        b: inputs['b'],
        transposeA,
        transposeB,
        activation,
        ...(withBias ? { bias: inputs['bias'] } : {}),
        ...(activation === 'prelu' ? { preluActivationWeights: inputs['slope'] } : {}),
        ...(activation === 'leakyrelu' ? { leakyreluAlpha: 0.3 } : {}),
      } as Fused),
    gradients: smooth && differentiable ? ['a', 'b', ...(withBias ? ['bias'] : [])] : [],
  };
};

const einsum: CaseGenerator = (random) => {
  const letters = ['b', 'h', 'i', 'j', 'k'];
  const lengths = new Map(letters.map((letter) => [letter, random.integer(1, 4)]));
  const subset = () => random.shuffle(letters).slice(0, random.integer(1, 4));
  const terms = random.chance(0.8) ? [subset(), subset()] : [subset()];
  const used = [...new Set(terms.flat())];
  // tfjs cpu can sum an axis only where every term has it.
  const summed = used.filter((letter) => terms.every((term) => term.includes(letter)) && random.chance(0.6));
  const output = random.shuffle(used.filter((letter) => !summed.includes(letter)));
  const equation = `${terms.map((term) => term.join('')).join(random.pick([',', ', ']))}->${output.join('')}`;
  const dtype = random.chance(0.2) ? 'int32' : 'float32';
  return {
    inputs: Object.fromEntries(
      terms.map((term, index) => [
        `x${index}`,
        random.tensor(
          term.map((letter) => lengths.get(letter)!),
          dtype,
        ),
      ]),
    ),
    run: (inputs) => tf.einsum(equation, ...Object.values(inputs)),
  };
};

export const matmulCases: CaseTable = {
  BatchMatMul: [product, product, broadcastProduct, emptyProduct],
  _FusedMatMul: fusedProduct,
  Einsum: einsum,
};
