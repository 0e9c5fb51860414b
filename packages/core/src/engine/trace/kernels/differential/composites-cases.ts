import * as tf from '@tensorflow/tfjs-core';
import { lstm, type LstmLayerParams } from '../../../../nn/lstm';
import { composite } from '../../../traits';
import type { CaseGenerator, CaseTable } from './harness';

function affine(x: tf.Tensor, { scale, offset }: Readonly<Record<string, tf.Tensor>>): tf.Tensor {
  const scaled = tf.mul(x, scale!);
  return offset ? tf.add(scaled, offset) : scaled;
}

const layerNorm: CaseGenerator = (random) => {
  const shape = random.shape({ minRank: 1, maxRank: 4, maxLength: 12 });
  const width = [shape.at(-1)!];
  const epsilon = random.pick([1e-5, 1e-6, 1e-3]);
  return {
    inputs: {
      x: random.tensor(shape),
      scale: random.tensor(width),
      ...(random.chance(0.7) ? { offset: random.tensor(width) } : {}),
    },
    run: (inputs) =>
      composite('TessLayerNorm', inputs, { epsilon }, () => {
        const x = inputs['x']!;
        const { mean, variance } = tf.moments(x, -1, true);
        return affine(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, epsilon))), inputs);
      }),
  };
};

/** Groups of one channel, one group of all, and pictures, signals and volumes. */
const groupNorm: CaseGenerator = (random) => {
  const [groups, width] = [random.integer(1, 4), random.integer(1, 4)];
  const channels = groups * width;
  const spatial = random.shape({ maxRank: 3, maxLength: 5 });
  const batch = random.integer(1, 3);
  const epsilon = random.pick([1e-5, 1e-6]);
  return {
    inputs: {
      x: random.tensor([batch, ...spatial, channels]),
      scale: random.tensor([channels]),
      ...(random.chance(0.7) ? { offset: random.tensor([channels]) } : {}),
    },
    run: (inputs) =>
      composite('TessGroupNorm', inputs, { groups, epsilon }, () => {
        const x = inputs['x']!;
        const grouped = tf.reshape(x, [batch, -1, groups, width]);
        const { mean, variance } = tf.moments(grouped, [1, 3], true);
        const normalized = tf.div(tf.sub(grouped, mean), tf.sqrt(tf.add(variance, epsilon)));
        return affine(tf.reshape(normalized, x.shape), inputs);
      }),
  };
};

function geluPlain(x: tf.Tensor, approximate: 'none' | 'tanh'): tf.Tensor {
  const inner = tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.mul(x, tf.square(x)))));
  const gate = approximate === 'tanh' ? tf.tanh(inner) : tf.erf(tf.div(x, Math.SQRT2));
  return tf.mul(tf.mul(0.5, x), tf.add(1, gate));
}

const gelu: CaseGenerator = (random) => {
  const approximate = random.pick(['none', 'tanh'] as const);
  return {
    inputs: { x: random.tensor(random.shape(), 'float32', { from: -6, to: 6, specials: [0, 20, -20] }) },
    run: ({ x }) => composite('TessGelu', { x: x! }, { approximate }, () => geluPlain(x!, approximate)),
    // A recorded gradient takes the plain form.
    gradients: random.chance(0.2) ? ['x'] : [],
  };
};

const silu: CaseGenerator = (random) => ({
  inputs: { x: random.tensor(random.shape(), 'float32', { from: -6, to: 6, specials: [0, 50, -50] }) },
  run: ({ x }) => composite('TessSilu', { x: x! }, {}, () => tf.mul(x!, tf.sigmoid(x!))),
});

function attend(inputs: Readonly<Record<string, tf.Tensor>>, scale: number): tf.Tensor {
  return composite('TessAttention', inputs, { scale }, () => {
    const { q, k, v, bias } = inputs;
    const products = tf.mul(tf.matMul(q!, k!, false, true), scale);
    return tf.matMul(tf.softmax(bias ? tf.add(products, bias) : products), v!);
  });
}

const attention: CaseGenerator = (random) => {
  const [batch, heads, queries, keys, width, valueWidth] = [2, 3, 6, 6, 5, 5].map((limit) =>
    random.integer(1, limit),
  ) as [number, number, number, number, number, number];
  const keep = (length: number) => (random.chance(0.6) ? length : 1);
  const biasShape = [keep(batch), keep(heads), keep(queries), keep(keys)].slice(random.integer(0, 4));
  const withBias = random.chance(0.5);
  const scale = random.pick([1, 1 / Math.sqrt(width)]);
  return {
    inputs: {
      q: random.tensor([batch, heads, queries, width]),
      k: random.tensor([batch, heads, keys, width]),
      v: random.tensor([batch, heads, keys, valueWidth]),
      ...(withBias ? { bias: random.tensor(biasShape) } : {}),
    },
    run: (inputs) => attend(inputs, scale),
  };
};

/** One step and several, one item and several. */
const recurrent: CaseGenerator = (random) => {
  const [batch, steps, width, size] = [3, 5, 4, 4].map((limit) => random.integer(1, limit)) as [
    number,
    number,
    number,
    number,
  ];
  const result = random.integer(0, 2);
  return {
    inputs: {
      x: random.tensor([batch, steps, width]),
      inputKernel: random.tensor([width, 4 * size]),
      recurrentKernel: random.tensor([size, 4 * size]),
      inputBias: random.tensor([4 * size]),
      recurrentBias: random.tensor([4 * size]),
      hidden: random.tensor([batch, size]),
      cell: random.tensor([batch, size]),
    },
    run: ({ hidden, cell, x, ...layer }) => {
      const { y, states } = lstm(
        x as tf.Tensor3D,
        [layer as unknown as LstmLayerParams],
        [{ hidden: hidden as tf.Tensor2D, cell: cell as tf.Tensor2D }],
      );
      return [y, states[0]!.hidden, states[0]!.cell][result]!;
    },
  };
};

export const compositeCases: CaseTable = {
  TessLayerNorm: layerNorm,
  TessGroupNorm: groupNorm,
  TessGelu: gelu,
  TessSilu: silu,
  TessAttention: attention,
  TessLstm: recurrent,
};
