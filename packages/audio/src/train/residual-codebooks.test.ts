import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { type Engine, mulberry32, selectEngine } from '@tesserae/core';
import type { CodebookState } from '@tesserae/core/train';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buffersOfStates, statesOfBuffers, trainResidualCodebooks } from './residual-codebooks';
import { drawRows, startCodebooks } from './start-codebooks';

let engine: Engine;
beforeAll(async () => {
  engine = await selectEngine('cpu');
});
afterAll(() => engine.dispose());

const [batch, frames, width, codes] = [2, 3, 2, 4];
const latents = tf.tensor3d(mulberry32(5).normal(batch * frames * width), [batch, frames, width]);
const state = (seed: number): CodebookState => {
  const table = tf.tensor2d(mulberry32(seed).normal(codes * width), [codes, width]);
  return { codes: table, counts: tf.ones([codes]), sums: tf.clone(table) };
};
const states = [state(1), state(2)];
const rows = tf.tensor1d([3, 1, 0, 2, 5, 4], 'int32');
const all = { kept: tf.ones([batch, 2]) as tf.Tensor2D, rows };

/** The nearest row of a table. */
function nearest(vector: readonly number[], table: readonly (readonly number[])[]): readonly number[] {
  const distance = (row: readonly number[]) => row.reduce((sum, value, at) => sum + (value - vector[at]!) ** 2, 0);
  return table.reduce((best, row) => (distance(row) < distance(best) ? row : best));
}

describe('trainResidualCodebooks', () => {
  it('sums the nearest codes of what is left, of the codebooks that an item uses', () => {
    const kept = tf.tensor2d([
      [1, 1],
      [1, 0],
    ]);
    const found = trainResidualCodebooks(latents, states, { kept, rows }).quantized.arraySync();
    const tables = states.map(({ codes: table }) => table.arraySync() as number[][]);
    latents.arraySync().forEach((item, index) =>
      item.forEach((vector, frame) => {
        const first = nearest(vector, tables[0]!);
        const second = nearest(
          vector.map((value, at) => value - first[at]!),
          tables[1]!,
        );
        const wanted = first.map((value, at) => value + (index === 0 ? second[at]! : 0));
        found[index]![frame]!.forEach((value, at) => expect(value).toBeCloseTo(wanted[at]!, 5));
      }),
    );
  });

  it('passes the gradient on as it is, and pulls latents to their codes', () => {
    const through = tf.grad((x) => tf.sum(trainResidualCodebooks(x as tf.Tensor3D, states, all).quantized))(latents);
    through.dataSync().forEach((value) => expect(value).toBeCloseTo(1, 6));
    const loss = (x: tf.Tensor) => trainResidualCodebooks(x as tf.Tensor3D, states, all).commitment;
    const pull = tf.grad(loss)(latents).dataSync();
    const values = latents.dataSync();
    for (const index of [0, 4, 11]) {
      const at = (shift: number) => {
        const moved = Float32Array.from(values);
        moved[index]! += shift;
        return loss(tf.tensor3d(moved, [batch, frames, width])).dataSync()[0]!;
      };
      expect(pull[index]).toBeCloseTo((at(1e-3) - at(-1e-3)) / 2e-3, 2);
    }
  });

  it('moves codes to the averages, and replaces dead ones for good', () => {
    const dying = {
      ...states[0]!,
      counts: tf.tensor1d([0.01, 1, 1, 1]),
      codes: tf.tensor2d([
        [99, 99],
        [0, 0],
        [1, 1],
        [-1, -1],
      ]),
    };
    const dead = { ...dying, sums: tf.mul(dying.codes, tf.expandDims(dying.counts, 1)) };
    const [after] = trainResidualCodebooks(latents, [dead], { kept: tf.ones([batch, 1]), rows }).states;
    const replaced = (after!.codes.arraySync() as number[][])[0]!;
    // The first drawn row of the batch: row 3 of six.
    latents.arraySync()[1]![0]!.forEach((value, at) => expect(replaced[at]).toBeCloseTo(value, 6));
    expect(after!.counts.dataSync()[0]).toBeCloseTo(0.5, 6);
    (after!.sums!.arraySync() as number[][])[0]!.forEach((value, at) =>
      expect(value).toBeCloseTo(replaced[at]! / 2, 6),
    );
    const total = Array.from(after!.counts.dataSync().slice(1)).reduce((sum, value) => sum + value, 0);
    expect(total).toBeCloseTo(3 * 0.99 + batch * frames * 0.01, 4);
  });

  it('finds its states among buffers again', () => {
    const found = statesOfBuffers(buffersOfStates(states), 2);
    found.forEach(({ codes: table, counts, sums }, layer) => {
      expect(table).toBe(states[layer]!.codes);
      expect(counts).toBe(states[layer]!.counts);
      expect(sums).toBe(states[layer]!.sums);
    });
  });
});

describe('startCodebooks', () => {
  it('finds clusters, and those of what they leave', async () => {
    // Four corners, and around each of them four smaller corners.
    const points = new Float32Array(2 * 192);
    for (let row = 0; row < 192; row += 1) {
      points[2 * row] = (row & 1 ? 4 : -4) + (row & 4 ? 0.5 : -0.5);
      points[2 * row + 1] = (row & 2 ? 4 : -4) + (row & 8 ? 0.5 : -0.5);
    }
    // A seed that draws a start from every corner: k-means does not leave a bad start.
    const rowsPerStep = 20;
    const options = { codebooks: 2, codebookSize: 4, rowsPerStep, iterations: 20, seed: 29 };
    const buffers = await startCodebooks({ shape: [192, 2], data: points }, engine, options);
    const sorted = (name: string) => {
      const { data } = buffers[name]!;
      return Array.from({ length: 4 }, (_, row) => [data[2 * row]!, data[2 * row + 1]!]).toSorted(
        (a, b) => a[0]! - b[0]! || a[1]! - b[1]!,
      );
    };
    const corners = (size: number) => [
      [-size, -size],
      [-size, size],
      [size, -size],
      [size, size],
    ];
    sorted('0.codes').forEach((row, index) =>
      row.forEach((value, at) => expect(value).toBeCloseTo(corners(4)[index]![at]!, 1)),
    );
    sorted('1.codes').forEach((row, index) =>
      row.forEach((value, at) => expect(value).toBeCloseTo(corners(0.5)[index]![at]!, 1)),
    );
    const counts = [...buffers['0.counts']!.data];
    expect(counts.reduce((sum, value) => sum + value, 0)).toBeCloseTo(rowsPerStep, 3);
    buffers['0.sums']!.data.forEach((value, index) =>
      expect(value).toBeCloseTo(buffers['0.codes']!.data[index]! * counts[index >> 1]!, 3),
    );
  });

  it('draws rows without repetition', () => {
    const drawn = drawRows(50, 20, 7);
    expect(new Set(drawn).size).toBe(20);
    expect(drawn.every((row) => row >= 0 && row < 50)).toBe(true);
    expect(drawRows(50, 20, 7)).toEqual(drawn);
    expect(drawRows(50, 20, 8)).not.toEqual(drawn);
  });
});
