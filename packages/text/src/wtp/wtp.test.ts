import { safetensorsBytes, tinyWeights, useLeakGuard } from '@tesserae/core/test';
import { describe, expect, it } from 'vitest';
import { onnxAvailable } from '../../../core/test/onnx-available';
import { bertLayerShapes, naiveBertLayer, naiveLinear, naiveNorm } from '../../test/naive-bert';
import { characterHashes } from '../sat/character-hashes';
import { parseConfig } from './config';
import { wtp } from './wtp';

const [width, inner, buckets, hashes] = [16, 24, 64, 4];
const engines = ['cpu', 'wasm', ...(onnxAvailable ? (['onnx'] as const) : [])] as const;
const config = {
  hidden_size: width,
  num_attention_heads: 2,
  intermediate_size: inner,
  num_hidden_layers: 1,
  num_hash_functions: hashes,
  num_hash_buckets: buckets,
  num_labels: 2,
};
const weights = tinyWeights({
  ...Object.fromEntries(
    Array.from({ length: hashes }, (_, hash) => [
      `bert.embeddings.HashBucketCodepointEmbedder_${hash}.weight`,
      [buckets, width / hashes],
    ]),
  ),
  'bert.embeddings.char_position_embeddings.weight': [buckets, width],
  'bert.embeddings.token_type_embeddings.weight': [2, width],
  'bert.embeddings.LayerNorm.weight': [width],
  'bert.embeddings.LayerNorm.bias': [width],
  ...bertLayerShapes('bert.encoder.layer.0', width, inner),
  'classifier.weight': [2, width],
  'classifier.bias': [2],
});
const bytes = safetensorsBytes(weights);

function naive(text: string): number[][] {
  const codes = characterHashes(text, { hashes, buckets });
  const table = (key: string) => weights[`bert.embeddings.${key}.weight`]!.data;
  const embedded = [...text].map((_, place) =>
    Array.from({ length: width }, (__, at) => {
      const hash = Math.floor(at / (width / hashes));
      const code = codes[place * hashes + hash]!;
      const shard = table(`HashBucketCodepointEmbedder_${hash}`)[(code * width) / hashes + (at % (width / hashes))]!;
      return shard + table('char_position_embeddings')[place * width + at]! + table('token_type_embeddings')[at]!;
    }),
  );
  const rows = naiveNorm(weights, 'bert.embeddings.LayerNorm', embedded, 1e-12);
  const sees = () => true;
  return naiveLinear(
    weights,
    'classifier',
    naiveBertLayer(weights, 'bert.encoder.layer.0', rows, { heads: 2, epsilon: 1e-12, sees }),
  );
}

describe.each(engines)('WtP on %s', (engine) => {
  useLeakGuard();

  it('labels characters as the formulas say, whatever is beside them', async () => {
    const model = await wtp.fromPretrained(bytes, { engine, config });
    const texts = ['Ja. 😀 so', 'no'];
    const scores = await model.characterLogits(texts, { precision: 'single' });
    for (const [index, text] of texts.entries()) {
      expect([...scores[index]!]).toEqual(
        naive(text)
          .flat()
          .map((value) => expect.closeTo(value, 4)),
      );
    }
    await model.dispose();
  });

  it('splits texts', async () => {
    const model = await wtp.fromPretrained(bytes, { engine, config });
    const text = 'One two. Three four! Five six, seven eight.';
    expect((await model.split(text, { threshold: 0.5, blockSize: 16, stride: 8 })).join('')).toBe(text);
    expect((await model.splitParagraphs(text)).flat().join('')).toBe(text);
    expect(await model.split('')).toEqual([]);
    expect([...(await model.probabilities(['  ']))[0]!]).toEqual([0, 0]);
    await model.dispose();
  });
});

describe('WtP', () => {
  it('reads the official configuration', () => {
    expect(parseConfig({}).buckets).toBe(8192);
    expect(() => parseConfig({ num_hash_functions: 5 })).toThrow('num_hash_functions');
  });
});
