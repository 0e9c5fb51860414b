import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { onBackends, wave } from '../../test/on-backends';
import type { HostTensor, HostTensors } from '../engine/engine';
import { selectEngine } from '../engine/select-engine';
import { ShapeError } from '../errors';
import { nearest } from './nearest';
import { quantizerSystem } from './quantizer-system';
import { encodeInRowBlocks } from './row-blocks';
import { vectorQuantizer } from './vector-quantizer';

function searcher(codebook: Float32Array, dim: number) {
  const sizes: number[] = [];
  const encode = async ({ shape, data }: HostTensor): Promise<HostTensors> => {
    sizes.push(shape[0]!);
    return tf.tidy(() => {
      const z = tf.tensor(data, [...shape]);
      const { ids, margins } = nearest(z, tf.tensor2d(codebook, [codebook.length / dim, dim]));
      return {
        ids: { shape: ids.shape, data: Int32Array.from(ids.dataSync()) },
        margins: { shape: margins.shape, data: Float32Array.from(margins.dataSync()) },
      };
    });
  };
  return { encode, sizes };
}

describe('encoding by blocks of rows', () => {
  onBackends((backend) => {
    it('gives what one call gives, in blocks of one shape', async () => {
      const vectors = { shape: [2, 5, 3], data: wave(30) };
      const whole = searcher(wave(21, 1), 3);
      const expected = await encodeInRowBlocks(whole.encode, vectors);
      expect(whole.sizes).toEqual([2]);
      for (const rows of [1, 3, 5, 9]) {
        const blocks = searcher(wave(21, 1), 3);
        const actual = await encodeInRowBlocks(blocks.encode, vectors, rows);
        expect(actual).toEqual(expected);
        expect(blocks.sizes).toEqual(new Array(Math.ceil(10 / rows)).fill(rows));
      }
      expect(expected['ids']!.shape).toEqual([2, 5]);
    });

    it('gives nothing for nothing', async () => {
      const { ids } = await encodeInRowBlocks(searcher(wave(4), 2).encode, {
        shape: [0, 2],
        data: new Float32Array(0),
      });
      expect(ids).toEqual({ shape: [0], data: new Int32Array(0) });
    });

    it('refuses results that are not of rows', async () => {
      const encode = async (): Promise<HostTensors> => ({ sum: { shape: [], data: new Float32Array(1) } });
      const vectors = { shape: [4, 2], data: wave(8) };
      await expect(encodeInRowBlocks(encode, vectors, 2)).rejects.toThrow(ShapeError);
    });

    it.runIf(backend === 'wasm')('takes a million rows', async () => {
      const count = 2 ** 20;
      const data = Float32Array.from({ length: count }, (_, row) => (row % 2) + 0.25);
      const { encode, sizes } = searcher(Float32Array.of(0, 1), 1);
      const { ids } = await encodeInRowBlocks(encode, { shape: [count, 1], data }, 2 ** 17);
      expect(sizes).toHaveLength(8);
      expect(ids!.data.every((id, row) => id === row % 2)).toBe(true);
    });
  });
});

describe('a loaded quantizer of single vectors', () => {
  it('takes more vectors than one block', async () => {
    const engine = await selectEngine('cpu');
    const config = vectorQuantizer.parseConfig({ n_e: 3, e_dim: 2 });
    const loaded = await quantizerSystem(vectorQuantizer).fromConfig(config, { engine });
    const [count, part] = [5000, 300];
    const data = wave(count * 2);
    const { ids, codes } = await loaded.encode({ shape: [50, 100, 2], data });
    expect([ids!.shape, codes!.shape]).toEqual([
      [50, 100],
      [50, 100, 2],
    ]);
    // The last ones lie in the second block.
    const last = await loaded.encode({ shape: [part, 2], data: data.subarray((count - part) * 2) });
    expect(ids!.data.subarray(count - part)).toEqual(last['ids']!.data);
    expect(new Set(ids!.data).size).toBe(3);
    await loaded.dispose();
    await engine.dispose();
  });
});
