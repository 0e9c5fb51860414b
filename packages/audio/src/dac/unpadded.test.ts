import * as tf from '@tensorflow/tfjs-core';
import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { onCpu } from '../../test/on-cpu';
import { decodeDac } from './network';
import { decodeUnpadded, fewestFrames } from './unpadded';

/** `[steps][channels]`. */
type Series = readonly (readonly number[])[];
interface Kernel {
  readonly shape: readonly [size: number, inputs: number, outputs: number];
  readonly values: readonly number[];
  readonly bias: readonly number[];
}

const config = {
  encoderWidth: 1,
  encoderRates: [3, 2],
  latentWidth: 2,
  decoderWidth: 4,
  decoderRates: [2, 3],
};
const random = mulberry32(5);
const draw = (count: number) => Array.from(random.uniform(count), (value) => value - 0.5);
const kernel = (size: number, inputs: number, outputs: number): Kernel => ({
  shape: [size, inputs, outputs],
  values: draw(size * inputs * outputs),
  bias: draw(outputs),
});
const unitOf = (width: number) => ({
  alpha1: draw(width).map((value) => value + 1),
  conv1: kernel(7, width, width),
  alpha2: draw(width).map((value) => value + 1),
  conv2: kernel(1, width, width),
});
const model = {
  convIn: kernel(7, 2, 4),
  stages: [
    { alpha: [0.7, 1, 1.2, 0.4], conv: kernel(4, 4, 2), units: [unitOf(2), unitOf(2), unitOf(2)] },
    { alpha: [0.8, 1.1], conv: kernel(6, 2, 1), units: [unitOf(1), unitOf(1), unitOf(1)] },
  ],
  alpha: [0.9],
  convOut: kernel(7, 1, 1),
};

const snake = (x: Series, alpha: readonly number[]): Series =>
  x.map((row) => row.map((value, c) => value + Math.sin(alpha[c]! * value) ** 2 / (alpha[c]! + 1e-9)));

/** A convolution without padding, as PyTorch defines it. */
function conv(x: Series, { shape: [size, inputs, outputs], values, bias }: Kernel, dilation = 1): Series {
  return Array.from({ length: x.length - (size - 1) * dilation }, (_, t) =>
    bias.map((start, output) => {
      let sum = start;
      for (let tap = 0; tap < size; tap += 1) {
        for (let input = 0; input < inputs; input += 1) {
          sum += values[(tap * inputs + input) * outputs + output]! * x[t + tap * dilation]![input]!;
        }
      }
      return sum;
    }),
  );
}

/** A transposed one, everything of it; kernels here lie as `[size, outputs, inputs]` of `[size, inputs, outputs]`. */
function transposed(x: Series, { shape: [size, inputs, outputs], values, bias }: Kernel, stride: number): Series {
  const out = Array.from({ length: (x.length - 1) * stride + size }, () => [...bias]);
  x.forEach((row, t) => {
    for (let tap = 0; tap < size; tap += 1) {
      for (let output = 0; output < outputs; output += 1) {
        for (let input = 0; input < inputs; input += 1) {
          out[t * stride + tap]![output]! += row[input]! * values[(tap * outputs + output) * inputs + input]!;
        }
      }
    }
  });
  return out;
}

function reference(z: Series): number[] {
  let x = conv(z, model.convIn);
  model.stages.forEach(({ alpha, conv: up, units }, index) => {
    x = transposed(snake(x, alpha), up, config.decoderRates[index]!);
    units.forEach(({ alpha1, conv1, alpha2, conv2 }, which) => {
      const y = conv(snake(conv(snake(x, alpha1), conv1, [1, 3, 9][which]!), alpha2), conv2);
      const side = (x.length - y.length) / 2;
      x = y.map((row, t) => row.map((value, c) => value + x[t + side]![c]!));
    });
  });
  return conv(snake(x, model.alpha), model.convOut).map(([value]) => Math.tanh(value!));
}

const tensorOf = ({ shape, values, bias }: Kernel) => ({
  kernel: tf.tensor3d([...values], [...shape]),
  bias: tf.tensor1d([...bias]),
});
const upOf = ({ shape: [size, inputs, outputs], values, bias }: Kernel) => ({
  kernel: tf.tensor3d([...values], [size, outputs, inputs]),
  bias: tf.tensor1d([...bias]),
});
const params = () => ({
  convIn: tensorOf(model.convIn),
  stages: model.stages.map(({ alpha, conv: up, units }) => ({
    alpha: tf.tensor1d(alpha),
    conv: upOf(up),
    units: units.map(({ alpha1, conv1, alpha2, conv2 }) => ({
      alpha1: tf.tensor1d(alpha1),
      conv1: tensorOf(conv1),
      alpha2: tf.tensor1d(alpha2),
      conv2: tensorOf(conv2),
    })),
  })),
  alpha: tf.tensor1d(model.alpha),
  convOut: tensorOf(model.convOut),
});

describe('decodeUnpadded', () => {
  const frames = 60;
  const z = Array.from({ length: frames }, () => draw(2).map((value) => 4 * value));
  const flat = z.flat();

  it('is what PyTorch gives without padding', async () => {
    const wanted = reference(z);
    const given = await onCpu(() => decodeUnpadded(tf.tensor3d(flat, [1, frames, 2]), params(), config));
    expect(given).toHaveLength(wanted.length);
    expect(new Set(wanted).size).toBeGreaterThan(wanted.length / 2);
    expect(wanted.every(Number.isFinite)).toBe(true);
    given.forEach((value, index) => expect(value).toBeCloseTo(wanted[index]!, 4));
  });

  it('gives the middle of what padding gives', async () => {
    const short = await onCpu(() => decodeUnpadded(tf.tensor3d(flat, [1, frames, 2]), params(), config));
    const whole = await onCpu(() => decodeDac(tf.tensor3d(flat, [1, frames, 2]), params(), config));
    const offset = (whole.length - short.length) / 2;
    const middle = Math.floor(short.length / 2);
    for (let n = middle - 5; n < middle + 5; n += 1) {
      const near = [Math.floor(offset), Math.ceil(offset)].map((shift) => Math.abs(short[n]! - whole[n + shift]!));
      expect(Math.min(...near)).toBeLessThan(1e-5);
    }
  });

  it('says how many frames it needs', async () => {
    const fewest = fewestFrames(config);
    const given = await onCpu(() =>
      decodeUnpadded(tf.tensor3d(flat.slice(0, 2 * fewest), [1, fewest, 2]), params(), config),
    );
    expect(given.length).toBeGreaterThan(0);
    expect(() =>
      reference(z.slice(0, fewest - 1))
        .at(0)!
        .toFixed(),
    ).toThrow(/length|undefined/);
  });
});
