import { normalCumulative } from '../../core/src/quantize/normal-distribution';
import type { StateDict } from './s3-files';

type Rows = readonly (readonly number[])[];

/** What versions 2 and 3 differ in besides their depth. */
export interface Epsilons {
  readonly attention: number;
  readonly mlp: number;
}

/**
 * Latents of one spectrum by the formulas, in float64: one head of 64, rotary positions, FSMN memory. A key bias counts
 * where the state dict has one.
 *
 * @param mel - `[frames, mels]`.
 */
export function latentsInDoubles(mel: Rows, weights: StateDict, layers: number, epsilons: Epsilons): Rows {
  const hidden = convolution(mel, weights, 'encoder.conv1').map((row) => row.map(gelu));
  let x: Rows = convolution(hidden, weights, 'encoder.conv2').map((row) => row.map(gelu));
  for (let layer = 0; layer < layers; layer += 1) {
    const block = `encoder.blocks.${layer}`;
    const normed = norm(x, weights, `${block}.attn_ln`, epsilons.attention);
    x = sum(x, attention(normed, weights, `${block}.attn`));
    const wide = linear(norm(x, weights, `${block}.mlp_ln`, epsilons.mlp), weights, `${block}.mlp.0`);
    const activated = wide.map((row) => row.map(gelu));
    x = sum(x, linear(activated, weights, `${block}.mlp.2`));
  }
  return x;
}

const gelu = (x: number) => x * normalCumulative(x);
const sum = (a: Rows, b: Rows): Rows => a.map((row, at) => row.map((value, column) => value + b[at]![column]!));
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((total, value, at) => total + value * b[at]!, 0);

/** Three taps, a zero at both ends, stride 2. */
function convolution(x: Rows, weights: StateDict, key: string): Rows {
  const { shape, data } = weights[`${key}.weight`]!;
  const bias = weights[`${key}.bias`]!.data;
  const [outputs = 0, inputs = 0] = shape;
  return Array.from({ length: Math.ceil(x.length / 2) }, (_, step) =>
    Array.from({ length: outputs }, (__, output) => {
      let total = bias[output]!;
      for (let tap = 0; tap < 3; tap += 1) {
        const row = x[2 * step + tap - 1];
        for (let input = 0; row && input < inputs; input += 1) {
          total += row[input]! * data[(output * inputs + input) * 3 + tap]!;
        }
      }
      return total;
    }),
  );
}

function linear(x: Rows, weights: StateDict, key: string): Rows {
  const { shape, data } = weights[`${key}.weight`]!;
  const [outputs = 0, inputs = 0] = shape;
  const bias = weights[`${key}.bias`]?.data;
  const columns = Array.from({ length: outputs }, (_, output) => [
    ...data.subarray(output * inputs, (output + 1) * inputs),
  ]);
  return x.map((row) => columns.map((column, output) => dot(row, column) + (bias?.[output] ?? 0)));
}

function norm(x: Rows, weights: StateDict, key: string, epsilon: number): Rows {
  const scale = weights[`${key}.weight`]!.data;
  const offset = weights[`${key}.bias`]!.data;
  return x.map((row) => {
    const mean = row.reduce((total, value) => total + value, 0) / row.length;
    const variance = row.reduce((total, value) => total + (value - mean) ** 2, 0) / row.length;
    return row.map((value, at) => ((value - mean) / Math.sqrt(variance + epsilon)) * scale[at]! + offset[at]!);
  });
}

function attention(x: Rows, weights: StateDict, key: string): Rows {
  const queries = linear(x, weights, `${key}.query`).map(rotated);
  const keys = linear(x, weights, `${key}.key`).map(rotated);
  const values = linear(x, weights, `${key}.value`);
  const mixed = queries.map((query) => {
    const scores = keys.map((other) => Math.exp(dot(query, other) / Math.sqrt(query.length)));
    const total = scores.reduce((all, score) => all + score, 0);
    return query.map((_, channel) =>
      scores.reduce((all, score, at) => all + (score / total) * values[at]![channel]!, 0),
    );
  });
  return sum(linear(mixed, weights, `${key}.out`), memory(values, weights[`${key}.fsmn_block.weight`]!.data));
}

/** Channel i with channel i + 32, at `step * 10000^(-i / 32)`. */
function rotated(row: readonly number[], step: number): readonly number[] {
  const half = row.length / 2;
  return row.map((value, channel) => {
    const angle = step * 10_000 ** (-(channel % half) / half);
    const other = channel < half ? -row[channel + half]! : row[channel - half]!;
    return value * Math.cos(angle) + other * Math.sin(angle);
  });
}

/** 31 taps around a step for every channel, and the value itself. */
function memory(values: Rows, kernel: Float32Array): Rows {
  return values.map((row, step) =>
    row.map((value, channel) => {
      let total = value;
      for (let tap = 0; tap < 31; tap += 1) {
        total += (values[step + tap - 15]?.[channel] ?? 0) * kernel[channel * 31 + tap]!;
      }
      return total;
    }),
  );
}
