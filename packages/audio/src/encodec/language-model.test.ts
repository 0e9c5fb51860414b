import * as tf from '@tensorflow/tfjs-core';
import { gelu, layerNorm, linear } from '@tesserae/core/nn';
import { describe, expect, it } from 'vitest';
import { onCpu } from '../../test/on-cpu';
import { languageModelBytes, languageModelWeights } from '../../test/tiny-language-model';
import { openEncodecLanguageModel } from './language-model';

const sizes = { codebooks: 3, codes: 10, width: 16, layers: 2 };
const heads = 8;

describe('the language model', () => {
  it.each([20, 4])('gives the probabilities of the whole sequence at once, looking back %i frames', async (past) => {
    const model = await openEncodecLanguageModel(languageModelBytes(sizes));
    expect([model.codebooks, model.codebookSize]).toEqual([3, 10]);
    const codes = [
      [1, 2, 3],
      [9, 0, 4],
      [5, 5, 5],
      [0, 7, 1],
      [2, 2, 8],
      [3, 1, 0],
    ];
    const used = 2;
    const step = model.start(used, past);
    const stepped = [undefined, ...codes].map((before) => step(before));
    const expected = await onCpu(() => wholeSequence(codes, used, past));
    stepped.forEach((levels, frame) =>
      levels.forEach((probabilities, level) => {
        const own = expected.slice((frame * used + level) * sizes.codes, (frame * used + level + 1) * sizes.codes);
        probabilities.forEach((value, code) => expect(Math.abs(value - own[code]!)).toBeLessThan(2e-6));
      }),
    );
  });

  it('names what a file lacks', async () => {
    const { safetensorsBytes } = await import('@tesserae/core/test');
    const { 'transformer.norm_in.bias': _, ...rest } = languageModelWeights(sizes);
    await expect(openEncodecLanguageModel(safetensorsBytes(rest))).rejects.toThrow('transformer.norm_in.bias');
    await expect(openEncodecLanguageModel(safetensorsBytes({ x: rest['emb.0.weight']! }))).rejects.toThrow('emb');
  });
});

/** The same by tensors, all frames at once: `[frames, levels, codes]`. */
function wholeSequence(codes: readonly (readonly number[])[], used: number, past: number): tf.Tensor {
  const weights = languageModelWeights(sizes);
  const get = (key: string) => tf.tensor(weights[key]!.data as Float32Array, [...weights[key]!.shape]);
  const norm = (key: string) => ({ scale: get(`${key}.weight`), offset: get(`${key}.bias`) }) as never;
  const map = (key: string) => ({ kernel: tf.transpose(get(`${key}weight`)), bias: get(`${key}bias`) }) as never;
  const frames = codes.length + 1;
  const rows = Array.from({ length: used }, (_, level) =>
    tf.gather(get(`emb.${level}.weight`), tf.tensor1d([0, ...codes.map((row) => 1 + row[level]!)], 'int32')),
  );
  const half = sizes.width / 2;
  const positions = tf.tensor2d(
    Array.from({ length: frames }, (_, frame) =>
      Array.from({ length: sizes.width }, (__, unit) => {
        const phase = frame / 10_000 ** ((unit % half) / (half - 1));
        return unit < half ? Math.cos(phase) : Math.sin(phase);
      }),
    ),
  );
  let x: tf.Tensor = tf.add(layerNorm(tf.addN(rows), norm('transformer.norm_in')), positions);
  // Key 0 is the frame of zeros in front; query f stands at f + 1.
  const mask = tf.tensor2d(
    Array.from({ length: frames }, (_, query) =>
      Array.from({ length: frames + 1 }, (__, key) => {
        const distance = query + 1 - key;
        return distance >= 0 && distance <= past ? 0 : -1e9;
      }),
    ),
  );
  for (let layer = 0; layer < sizes.layers; layer += 1) {
    const key = `transformer.layers.${layer}`;
    const all = tf.concat([tf.zeros([1, sizes.width]), x as tf.Tensor2D], 0);
    const packed = linear(all, map(`${key}.self_attn.in_proj_`));
    const split = (tensor: tf.Tensor) => tf.transpose(tf.reshape(tensor, [-1, heads, sizes.width / heads]), [1, 0, 2]);
    const [q, k, v] = tf.split(packed, 3, 1).map(split) as [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D];
    const queries = tf.slice(q, [0, 1, 0], [heads, frames, sizes.width / heads]);
    const scores = tf.add(tf.div(tf.matMul(queries, k, false, true), Math.sqrt(sizes.width / heads)), mask);
    const mixed = tf.reshape(tf.transpose(tf.matMul(tf.softmax(scores), v), [1, 0, 2]), [frames, sizes.width]);
    x = layerNorm(tf.add(x, linear(mixed, map(`${key}.self_attn.out_proj.`))), norm(`${key}.norm1`));
    const inner = linear(gelu(linear(x, map(`${key}.linear1.`))), map(`${key}.linear2.`));
    x = layerNorm(tf.add(x, inner), norm(`${key}.norm2`));
  }
  const outputs = Array.from({ length: used }, (_, level) => tf.softmax(linear(x, map(`linears.${level}.`))));
  return tf.stack(outputs, 1);
}
