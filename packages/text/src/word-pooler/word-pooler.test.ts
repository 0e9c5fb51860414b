import * as tf from '@tensorflow/tfjs-core';
import type { Json } from '@tesserae/core';
import { useLeakGuard } from '@tesserae/core/test';
import { describe, expect, it } from 'vitest';
import { onBackends, valuesOf, wave } from '../../../core/test/on-backends';
import { onnxAvailable } from '../../../core/test/onnx-available';
import { utf8Encode } from '../bytes/utf8';
import { hatSplitBytes } from '../hat/hat-split';
import { parseWordPoolerConfig } from './config';
import { attendToWords, meanOfWords, prefixesOfWords, sameWordMask } from './pool-words';
import { layoutWords } from './word-layout';
import { wordPooler } from './word-pooler';

const words = (...texts: string[]) => texts.map(utf8Encode);

describe('layoutWords', () => {
  it('puts prefixes before every word', () => {
    const layout = layoutWords([words('ab', 'c'), words('d')], { prefixes: 2, byteOffset: 3, paddingId: 9 });
    expect([layout.rows, layout.columns, layout.words]).toEqual([2, 7, 2]);
    expect([...layout.ids]).toEqual([256, 257, 100, 101, 256, 257, 102, 256, 257, 103, 9, 9, 9, 9]);
    expect([...layout.wordOf]).toEqual([0, 0, 0, 0, 1, 1, 1, 0, 0, 0, -1, -1, -1, -1]);
    expect([...layout.placeInWord]).toEqual([0, 1, 2, 3, 0, 1, 2, 0, 1, 2, 0, 0, 0, 0]);
    expect([...layout.prefixColumns]).toEqual([0, 1, 4, 5, 0, 1, 0, 0]);
  });

  it('takes nothing', () => {
    expect(layoutWords([]).columns).toBe(0);
    expect(layoutWords([[]]).words).toBe(0);
    expect(() => layoutWords([], { prefixes: -1 })).toThrow('prefixes');
  });
});

describe('pooling words', () => {
  const hidden = wave(4 * 2);
  const tensor = () => tf.tensor3d(hidden, [1, 4, 2]);
  const wordOf = () => tf.tensor2d([0, 0, 1, -1], [1, 4]);
  const numbers = () => tf.tensor1d([0, 1, 2]);
  const mean = [(hidden[0]! + hidden[2]!) / 2, (hidden[1]! + hidden[3]!) / 2, hidden[4]!, hidden[5]!];
  const close = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 5));

  onBackends(() => {
    it('takes means', () => {
      expect(valuesOf(() => meanOfWords(tensor(), wordOf(), numbers()))).toEqual(close([...mean, 0, 0]));
    });

    it('takes prefixes', () => {
      const values = valuesOf(() => prefixesOfWords(tensor(), tf.tensor2d([0, 1, 2, 0], [1, 4], 'int32'), 2));
      expect(values).toEqual([0, 1, 2, 3, 4, 5, 0, 1].map((index) => hidden[index]));
    });

    it('attends within the word: to all alike where the query is zero', () => {
      const values = valuesOf(() => {
        const identity = { kernel: tf.eye(2) };
        const params = { query: tf.zeros([2]) as tf.Tensor1D, key: identity, value: identity, out: identity };
        return attendToWords(tensor(), wordOf(), numbers(), { params, heads: 2 });
      });
      expect(values.slice(0, 4)).toEqual(close(mean));
    });

    it('hides other words', () => {
      const mask = valuesOf(() => sameWordMask(wordOf()));
      expect(mask.map((value) => (value === 0 ? 1 : 0))).toEqual([1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
    });
  });
});

describe('wordPooler', () => {
  useLeakGuard();
  const json = (pool: string): Json => ({
    pool,
    hidden_size: 16,
    num_attention_heads: 2,
    intermediate_size: 24,
    num_hidden_layers: 1,
    places: 4,
  });
  const rows = [hatSplitBytes('Hello there, world!'), hatSplitBytes('there, you')];

  it.each(['mean', 'cls', 'cross-attention'])('gives a word one vector wherever it stands: %s', async (pool) => {
    const config = { ...parseWordPoolerConfig(json(pool)), ...(pool === 'cls' && { prefixes: 2 }) };
    const results: number[][] = [];
    for (const engine of ['cpu', 'wasm', ...(onnxAvailable ? (['onnx'] as const) : [])] as const) {
      const pooler = await wordPooler.fromConfig(config, { engine, seed: 2 });
      const { shape, data } = await pooler.pool(rows);
      const size = pool === 'cls' ? 32 : 16;
      expect(shape).toEqual([2, 3, size]);
      // ' you' has other bytes than ' there,'; the second row begins with 'there,'.
      const alone = await pooler.pool([rows[1]!]);
      expect(Array.from(data.subarray(3 * size, 5 * size))).toEqual(
        Array.from(alone.data, (value) => expect.closeTo(value, 4)),
      );
      results.push([...data]);
      expect((await pooler.pool([])).data).toHaveLength(0);
      await pooler.dispose();
    }
    for (const result of results) expect(result).toEqual(results[0]!.map((value) => expect.closeTo(value, 4)));
  });

  it('refuses other ways', () => {
    expect(() => parseWordPoolerConfig({ pool: 'max' })).toThrow('pool');
  });
});
