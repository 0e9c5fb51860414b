import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { onBackends, resultOf, wave } from '../../test/on-backends';
import { expectClose } from '../test/expect-close';
import { convTranspose1d } from './conv-transpose1d';
import { conv1d } from './conv1d';
import { depthwiseConv1d } from './depthwise-conv1d';
import { lstm } from './lstm';
import { firstSteps, padTime, type TimePadding } from './pad-time';

/** Values of `[T, C]` by index, 0 outside. */
const at = (values: ArrayLike<number>, channels: number) => (step: number, channel: number) =>
  step < 0 || step * channels >= values.length ? 0 : values[step * channels + channel]!;

describe('layers over sequences', () => {
  onBackends(() => {
    it.each([
      [7, 1, 1, [3, 3]],
      [4, 2, 1, [0, 1]],
      [3, 1, 2, [2, 2]],
      [1, 1, 1, [0, 0]],
      [16, 8, 1, [8, 4]],
    ] as const)('conv1d of %i taps, stride %i, dilation %i, padding %j', (size, stride, dilation, padding) => {
      const [length, inputs, outputs] = [12, 2, 3];
      const [x, kernel, bias] = [wave(length * inputs), wave(size * inputs * outputs, 1), wave(outputs, 2)];
      const actual = resultOf(() =>
        conv1d(
          tf.tensor3d(x, [1, length, inputs]),
          { kernel: tf.tensor3d(kernel, [size, inputs, outputs]), bias: tf.tensor1d(bias) },
          { stride, dilation, padding },
        ),
      );
      const produced = Math.floor((length + padding[0] + padding[1] - (size - 1) * dilation - 1) / stride) + 1;
      const data = Array.from({ length: produced * outputs }, (_, index) => {
        const [step, output] = [Math.floor(index / outputs), index % outputs];
        let sum = bias[output]!;
        for (let tap = 0; tap < size; tap++) {
          for (let channel = 0; channel < inputs; channel++) {
            const value = at(x, inputs)(step * stride + tap * dilation - padding[0], channel);
            sum += value * kernel[(tap * inputs + channel) * outputs + output]!;
          }
        }
        return sum;
      });
      expectClose(actual, { shape: [1, produced, outputs], data: Float32Array.from(data) });
    });

    it.each([
      [4, 2, 5, [0, 0]],
      [16, 8, 3, [4, 4]],
      [3, 1, 1, [0, 0]],
      [10, 5, 2, [3, 2]],
      [4, 2, 5, [0, 2]],
      [6, 2, 4, [2, 5]],
      [2, 2, 6, [5, 3]],
      [5, 2, 4, [1, 2]],
      [8, 2, 9, [9, 8]],
    ] as const)('convTranspose1d of %i taps, stride %i, %i steps, trim %j', (size, stride, length, trim) => {
      const [inputs, outputs, batch] = [3, 2, 2];
      const [x, kernel, bias] = [wave(batch * length * inputs), wave(size * inputs * outputs, 1), wave(outputs, 2)];
      const actual = resultOf(() =>
        convTranspose1d(
          tf.tensor3d(x, [batch, length, inputs]),
          { kernel: tf.tensor3d(kernel, [size, outputs, inputs]), bias: tf.tensor1d(bias) },
          stride,
          trim,
        ),
      );
      const whole = (length - 1) * stride + size;
      const produced = whole - trim[0] - trim[1];
      const data = Float32Array.from({ length: batch * produced * outputs }, (_, index) => bias[index % outputs]!);
      for (let row = 0; row < batch * length; row++) {
        const [item, step] = [Math.floor(row / length), row % length];
        for (let tap = 0; tap < size; tap++) {
          const place = step * stride + tap - trim[0];
          if (place < 0 || place >= produced) continue;
          for (let output = 0; output < outputs; output++) {
            for (let input = 0; input < inputs; input++) {
              data[(item * produced + place) * outputs + output]! +=
                x[row * inputs + input]! * kernel[(tap * outputs + output) * inputs + input]!;
            }
          }
        }
      }
      expectClose(actual, { shape: [batch, produced, outputs], data });
    });

    it.each([
      [7, 1, [3, 3], 12],
      [3, 2, [4, 0], 5],
      [31, 1, [15, 15], 4],
      [1, 1, [0, 0], 3],
    ] as const)('depthwiseConv1d of %i taps, dilation %i, padding %j, %i steps', (size, dilation, padding, length) => {
      const channels = 3;
      const [x, kernel, bias] = [wave(2 * length * channels), wave(size * channels, 1), wave(channels, 2)];
      const actual = resultOf(() =>
        depthwiseConv1d(
          tf.tensor3d(x, [2, length, channels]),
          { kernel: tf.tensor2d(kernel, [size, channels]), bias: tf.tensor1d(bias) },
          { dilation, padding },
        ),
      );
      const produced = length + padding[0] + padding[1] - (size - 1) * dilation;
      const data = Float32Array.from({ length: 2 * produced * channels }, (_, index) => {
        const channel = index % channels;
        const step = Math.floor(index / channels) % produced;
        const item = Math.floor(index / channels / produced);
        const row = at(x.subarray(item * length * channels, (item + 1) * length * channels), channels);
        let sum = bias[channel]!;
        for (let tap = 0; tap < size; tap++) {
          sum += row(step + tap * dilation - padding[0], channel) * kernel[tap * channels + channel]!;
        }
        return sum;
      });
      expectClose(actual, { shape: [2, produced, channels], data });
    });

    it.each<[TimePadding, number, number, number[], number[]]>([
      ['reflect', 2, 1, [1, 2, 3], [3, 2, 1, 2, 3, 2]],
      ['zero', 1, 2, [1, 2], [0, 1, 2, 0, 0]],
      ['replicate', 2, 1, [1, 2], [1, 1, 1, 2, 2]],
      ['reflect', 0, 0, [4], [4]],
      // Too short: zeros follow first, and as many steps are dropped.
      ['reflect', 3, 1, [1, 2], [0, 0, 2, 1, 2, 0]],
      ['reflect', 1, 4, [7], [0, 7, 0, 0, 0, 0]],
    ])('padTime %s by %i and %i', (mode, before, after, values, expected) => {
      const actual = resultOf(() => padTime(tf.tensor3d(values, [1, values.length, 1]), before, after, mode));
      expectClose(actual, { shape: [1, expected.length, 1], data: Float32Array.from(expected) });
    });

    it('lstm follows its equations, layer by layer', () => {
      const [batch, steps, inputs, size] = [2, 4, 3, 2];
      const widths = [inputs, size];
      const values = widths.map((width, layer) => ({
        inputKernel: wave(width * 4 * size, layer),
        recurrentKernel: wave(size * 4 * size, layer + 2),
        inputBias: wave(4 * size, layer + 4),
        recurrentBias: wave(4 * size, layer + 6),
      }));
      const x = wave(batch * steps * inputs, 9);
      const actual = resultOf(() => lstm(tf.tensor3d(x, [batch, steps, inputs]), values.map(tensors)).y);

      const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));
      let rows = Array.from({ length: batch }, (_, item) =>
        Array.from({ length: steps }, (__, step) =>
          Array.from({ length: inputs }, (___, channel) => x[(item * steps + step) * inputs + channel]!),
        ),
      );
      for (const { inputKernel, recurrentKernel, inputBias, recurrentBias } of values) {
        rows = rows.map((sequence) => {
          let hidden = new Array<number>(size).fill(0);
          let cell = new Array<number>(size).fill(0);
          return sequence.map((input) => {
            const gate = (index: number, unit: number) => {
              const column = index * size + unit;
              const sum = inputBias[column]! + recurrentBias[column]!;
              const product = (vector: readonly number[], kernel: ArrayLike<number>) =>
                vector.reduce((total, value, row) => total + value * kernel[row * 4 * size + column]!, 0);
              return sum + product(input, inputKernel) + product(hidden, recurrentKernel);
            };
            const next = cell.map(
              (value, unit) => sigmoid(gate(1, unit)) * value + sigmoid(gate(0, unit)) * Math.tanh(gate(2, unit)),
            );
            const output = next.map((value, unit) => sigmoid(gate(3, unit)) * Math.tanh(value));
            cell = next;
            hidden = output;
            return output;
          });
        });
      }
      expectClose(actual, { shape: [batch, steps, size], data: Float32Array.from(rows.flat(2)) });

      const inParts = resultOf(() => {
        const whole = tf.tensor3d(x, [batch, steps, inputs]);
        const layers = values.map(tensors);
        const head = lstm(firstSteps(whole, 1), layers);
        return tf.concat([head.y, lstm(firstSteps(whole, steps - 1, 1), layers, head.states).y], 1);
      });
      expect(inParts).toEqual(actual);

      function tensors(layer: (typeof values)[number], index: number) {
        return {
          inputKernel: tf.tensor2d(layer.inputKernel, [widths[index]!, 4 * size]),
          recurrentKernel: tf.tensor2d(layer.recurrentKernel, [size, 4 * size]),
          inputBias: tf.tensor1d(layer.inputBias),
          recurrentBias: tf.tensor1d(layer.recurrentBias),
        };
      }
    });
  });
});
