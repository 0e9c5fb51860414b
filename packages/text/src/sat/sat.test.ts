import { safetensorsBytes, tinyWeights, useLeakGuard } from '@tesserae/core/test';
import { describe, expect, it } from 'vitest';
import { onnxAvailable } from '../../../core/test/onnx-available';
import { bertLayerShapes, naiveBertLayer, naiveLinear, naiveNorm } from '../../test/naive-bert';
import type { TextTokenizer } from '../tokenizer/text-tokenizer';
import { parseConfig } from './config';
import { mergeLora } from './merge-lora';
import { sat, satThreshold } from './sat';

const [width, inner, layers, words, positions] = [32, 48, 2, 60, 40];
const engines = ['cpu', 'wasm', ...(onnxAvailable ? (['onnx'] as const) : [])] as const;

const shapes = (labels: number): Record<string, readonly number[]> => ({
  'roberta.embeddings.word_embeddings.weight': [words, width],
  'roberta.embeddings.position_embeddings.weight': [positions, width],
  'roberta.embeddings.token_type_embeddings.weight': [1, width],
  'roberta.embeddings.LayerNorm.weight': [width],
  'roberta.embeddings.LayerNorm.bias': [width],
  ...bertLayerShapes('roberta.encoder.layer.0', width, inner),
  ...bertLayerShapes('roberta.encoder.layer.1', width, inner),
  'classifier.weight': [labels, width],
  'classifier.bias': [labels],
});

const official = (labels: number, lookahead: Record<string, number> = {}) => ({
  hidden_size: width,
  num_attention_heads: 4,
  intermediate_size: inner,
  num_hidden_layers: layers,
  vocab_size: words,
  max_position_embeddings: positions,
  num_labels: labels,
  ...lookahead,
});

type Weights = ReturnType<typeof tinyWeights>;
const bytesOf = (weights: Weights) => safetensorsBytes(weights);

/** One sequence, in doubles. */
function naive(
  weights: Weights,
  ids: readonly number[],
  mask: readonly number[],
  steps: readonly number[],
): number[][] {
  const row = (key: string, at: number) => {
    const { data } = weights[`roberta.embeddings.${key}_embeddings.weight`]!;
    return Array.from(data.subarray(at * width, (at + 1) * width));
  };
  let counted = 0;
  const embedded = ids.map((id) => {
    const place = id === 1 ? 1 : (counted += 1) + 1;
    const [word, position, type] = [row('word', id), row('position', place), row('token_type', 0)];
    return word.map((value, at) => value + position[at]! + type[at]!);
  });
  let rows = naiveNorm(weights, 'roberta.embeddings.LayerNorm', embedded, 1e-5);
  for (const [layer, step] of steps.entries()) {
    const sees = (query: number, key: number) => mask[key] === 1 && key <= query + step;
    rows = naiveBertLayer(weights, `roberta.encoder.layer.${layer}`, rows, { heads: 4, epsilon: 1e-5, sees });
  }
  return naiveLinear(weights, 'classifier', rows);
}

/** Every character is a token. */
const characterTokenizer = {
  encode(text: string) {
    const characters = [...text];
    return {
      ids: Int32Array.from(characters, (character) => 3 + (character.codePointAt(0)! % 50)),
      offsets: Int32Array.from({ length: 2 * characters.length }, (_, index) => (index + 1) >> 1),
    };
  },
} as unknown as TextTokenizer;

describe.each(engines)('SaT on %s', (engine) => {
  useLeakGuard();

  it.each([
    ['no limit', {}, [99, 99], 1],
    ['lookahead', { lookahead: 8 }, [4, 4], 5],
    ['split layers', { lookahead: 3, lookahead_split_layers: 1 }, [3, 0], 1],
  ] as const)('labels tokens as the formulas say: %s', async (_, lookahead, steps, labels) => {
    const weights = tinyWeights(shapes(labels));
    const loaded = await sat.fromPretrained(bytesOf(weights), { engine, config: official(labels, lookahead) });
    const splitter = loaded.withTokenizer(characterTokenizer);
    const texts = ['Hello there.', 'Hi!'];
    const scores = await splitter.characterLogits(texts, { precision: 'single' });
    const [longest] = texts;
    for (const [index, text] of texts.entries()) {
      const ids = [0, ...characterTokenizer.encode(text).ids, 2];
      const mask = ids.map(() => 1);
      while (ids.length < longest!.length + 2) {
        ids.push(0);
        mask.push(0);
      }
      const expected = naive(weights, ids, mask, steps).slice(1, text.length + 1);
      expect([...scores[index]!]).toEqual(expected.flat().map((value) => expect.closeTo(value, 4)));
    }
    await loaded.dispose();
  });

  it('splits long texts in blocks', async () => {
    const loaded = await sat.fromPretrained(bytesOf(tinyWeights(shapes(1))), { engine, config: official(1) });
    const splitter = loaded.withTokenizer(characterTokenizer);
    const text = 'One two. Three four!\nFive six, seven eight; nine ten. Eleven twelve.';
    const options = { blockSize: 25, stride: 20, threshold: 0.5, splitNewlines: false };
    const sentences = await splitter.split(text, options);
    expect(sentences.join('')).toBe(text);
    expect((await splitter.split(text, { ...options, maxLength: 12 })).every(({ length }) => length <= 12)).toBe(true);
    expect((await splitter.splitParagraphs(text, options)).flat().join('')).toBe(text);
    expect(await splitter.split('', options)).toEqual([]);
    expect(await splitter.split('  ', options)).toEqual(['  ']);
    const [alone] = await splitter.probabilities([text], { ...options, batchSize: 1 });
    const [together] = await splitter.probabilities([text], { ...options, batchSize: 50 });
    expect([...alone!]).toEqual([...together!].map((value) => expect.closeTo(value, 3)));
    await loaded.dispose();
  });
});

describe('SaT', () => {
  it('reads the official configuration', () => {
    expect(parseConfig({ id2label: { 0: 'a', 1: 'b', 2: 'c' }, lookahead: 48, num_hidden_layers: 3 })).toMatchObject({
      labels: 3,
      lookahead: 48,
      width: 768,
      vocabularySize: 250_002,
    });
    expect(() => parseConfig({ lookahead: 8, lookahead_split_layers: 13 })).toThrow('1..12 layers');
    expect(() => parseConfig({ hidden_size: 10 })).toThrow('num_attention_heads');
  });

  it('has the thresholds of the published models', () => {
    expect(satThreshold('sat-3l-sm')).toBe(0.25);
    expect(satThreshold('sat-12l-no-limited-lookahead')).toBe(0.01);
    expect(satThreshold('sat-3l')).toBe(0.025);
    expect(satThreshold('sat-3l', { lora: true })).toBe(0.5);
  });

  it('refuses weights of another model', async () => {
    await expect(
      sat.fromPretrained(bytesOf(tinyWeights(shapes(2))), { engine: 'cpu', config: official(1) }),
    ).rejects.toMatchObject({ name: 'CheckpointError', code: 'keys-mismatch' });
  });
});

describe('mergeLora', () => {
  const base = { 'a.weight': { shape: [2, 3], data: new Float32Array([1, 2, 3, 4, 5, 6]) } };
  const config = { config: { alpha: 4, r: 2 } };
  const a = { shape: [2, 3], data: new Float32Array([1, 0, 0, 0, 1, 0]) };
  const b = { shape: [2, 2], data: new Float32Array([1, 2, 3, 4]) };

  it('adds the product and takes the head', () => {
    const head = { 'classifier.bias': { shape: [1], data: new Float32Array([7]) } };
    const merged = mergeLora(base, { config, adapter: { 'a.loras.x.lora_A': a, 'a.loras.x.lora_B': b }, head });
    expect([...merged['a.weight']!.data]).toEqual([3, 6, 3, 10, 13, 6]);
    expect(merged['classifier.bias']).toBe(head['classifier.bias']);
  });

  it('refuses half a pair and other shapes', () => {
    expect(() => mergeLora(base, { config, adapter: { 'a.loras.x.lora_A': a } })).toThrow('a lora_B');
    expect(() => mergeLora({}, { config, adapter: { 'a.loras.x.lora_A': a, 'a.loras.x.lora_B': b } })).toThrow(
      'a.weight',
    );
    expect(() => mergeLora(base, { config, adapter: { 'a.loras.x.lora_A': b, 'a.loras.x.lora_B': b } })).toThrow(
      '[r, 3]',
    );
    expect(() => mergeLora(base, { config: {}, adapter: {} })).toThrow('config');
  });
});
