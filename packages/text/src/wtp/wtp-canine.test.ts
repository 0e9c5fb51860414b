import { safetensorsBytes, tinyWeights, useLeakGuard } from '@tesserae/core/test';
import { describe, expect, it } from 'vitest';
import { onnxAvailable } from '../../../core/test/onnx-available';
import { bertLayerShapes, naiveBertLayer, naiveGelu, naiveLinear, naiveNorm, naiveSum } from '../../test/naive-bert';
import { characterHashes } from '../sat/character-hashes';
import { parseCanineConfig } from './canine-config';
import { wtpCanine } from './wtp-canine';

const [width, inner, buckets, hashes, rate, kernel, localWidth, bottleneck] = [8, 12, 64, 4, 2, 3, 4, 4];
const epsilon = 1e-12;
const engines = ['cpu', 'wasm', ...(onnxAvailable ? (['onnx'] as const) : [])] as const;
const official = {
  hidden_size: width,
  num_attention_heads: 2,
  intermediate_size: inner,
  num_hidden_layers: 2,
  num_hash_functions: hashes,
  num_hash_buckets: buckets,
  type_vocab_size: 3,
  downsampling_rate: rate,
  upsampling_kernel_size: kernel,
  local_transformer_stride: localWidth,
  num_labels: 3,
};
const layers = ['initial_char_encoder.layer.0', 'encoder.layer.0', 'encoder.layer.1', 'final_char_encoder.layer.0'];

function weightsFor(languages: number) {
  return tinyWeights({
    ...Object.fromEntries(
      Array.from({ length: hashes }, (_, hash) => [
        `canine.char_embeddings.HashBucketCodepointEmbedder_${hash}.weight`,
        [buckets, width / hashes],
      ]),
    ),
    'canine.char_embeddings.char_position_embeddings.weight': [buckets, width],
    'canine.char_embeddings.token_type_embeddings.weight': [3, width],
    ...Object.fromEntries(
      ['char_embeddings', 'chars_to_molecules', 'projection'].flatMap((key) => [
        [`canine.${key}.LayerNorm.weight`, [width]],
        [`canine.${key}.LayerNorm.bias`, [width]],
      ]),
    ),
    'canine.chars_to_molecules.conv.weight': [width, width, rate],
    'canine.chars_to_molecules.conv.bias': [width],
    'canine.projection.conv.weight': [width, 2 * width, kernel],
    'canine.projection.conv.bias': [width],
    ...Object.assign({}, ...layers.map((layer) => bertLayerShapes(`canine.${layer}`, width, inner))),
    ...(languages > 0 &&
      Object.fromEntries(
        layers.flatMap((layer) => [
          [`canine.${layer}.output.lang_ff_down_weights.weight`, [languages, width * bottleneck]],
          [`canine.${layer}.output.lang_ff_up_weights.weight`, [languages, width * bottleneck]],
          [`canine.${layer}.output.lang_ff_down_biases.weight`, [languages, bottleneck]],
          [`canine.${layer}.output.lang_ff_up_biases.weight`, [languages, width]],
        ]),
      )),
    'classifier.weight': [3, width],
    'classifier.bias': [3],
  });
}

type Weights = ReturnType<typeof weightsFor>;
type Rows = number[][];

/** A convolution over rows, zeros around them, in official layout. */
function naiveConv(weights: Weights, key: string, rows: Rows, stride: number, before: number): Rows {
  const { shape, data } = weights[`${key}.weight`]!;
  const [outputs, inputs, size] = shape as [number, number, number];
  const bias = weights[`${key}.bias`]!.data;
  const steps = before > 0 ? rows.length : rows.length / stride;
  return Array.from({ length: steps }, (_, step) =>
    Array.from({ length: outputs }, (__, out) => {
      let sum = bias[out]!;
      for (let tap = 0; tap < size; tap += 1) {
        const row = rows[step * stride + tap - before];
        if (row) for (let at = 0; at < inputs; at += 1) sum += data[(out * inputs + at) * size + tap]! * row[at]!;
      }
      return sum;
    }),
  );
}

interface Situation {
  readonly language: number | 'mean' | undefined;
  readonly lookahead: number | undefined;
}

function naive(weights: Weights, text: string, { language, lookahead }: Situation): Rows {
  const count = [...text].length;
  const length = Math.ceil(count / rate) * rate;
  const codes = characterHashes(text, { hashes, buckets });
  const table = (key: string) => weights[`canine.char_embeddings.${key}.weight`]!.data;
  const embedded = Array.from({ length }, (_, place) =>
    Array.from({ length: width }, (__, at) => {
      const part = width / hashes;
      const hash = Math.floor(at / part);
      const code = codes[place * hashes + hash] ?? 0;
      return (
        table(`HashBucketCodepointEmbedder_${hash}`)[code * part + (at % part)]! +
        table('char_position_embeddings')[place * width + at]! +
        table('token_type_embeddings')[at]!
      );
    }),
  );
  const layer = (name: string, rows: Rows, sees: (query: number, key: number) => boolean): Rows => {
    const key = `canine.${name}`;
    const out = naiveBertLayer(weights, key, rows, { heads: 2, epsilon, sees });
    if (language === undefined) return out;
    const row = (field: string): number[] => {
      const { shape, data } = weights[`${key}.output.lang_ff_${field}.weight`]!;
      const [languages, columns] = shape as [number, number];
      return Array.from({ length: columns }, (_, at) => {
        if (language !== 'mean') return data[language * columns + at]!;
        return (
          Array.from({ length: languages }, (__, one) => data[one * columns + at]!).reduce((a, b) => a + b, 0) /
          languages
        );
      });
    };
    const [down, downBias, upBias] = [row('down_weights'), row('down_biases'), row('up_biases')];
    const adapted = out.map((x) => {
      const middle = downBias.map((bias, j) =>
        naiveGelu(x.reduce((sum, v, i) => sum + v * down[i * bottleneck + j]!, bias)),
      );
      return upBias.map((bias, j) => middle.reduce((sum, v, i) => sum + v * down[i * width + j]!, bias));
    });
    return naiveNorm(weights, `${key}.output.LayerNorm`, naiveSum(out, adapted), epsilon);
  };
  const block = (place: number) => Math.floor(place / rate);
  const isLocal = (q: number, k: number) => Math.floor(q / localWidth) === Math.floor(k / localWidth);
  const first = layer(layers[0]!, naiveNorm(weights, 'canine.char_embeddings.LayerNorm', embedded, epsilon), (q, k) => {
    return (
      k < count &&
      isLocal(q, k) &&
      (lookahead === undefined || block(k % localWidth) <= block(q % localWidth) + lookahead)
    );
  });
  const gelu = (rows: Rows) => rows.map((row) => row.map(naiveGelu));
  let deep = naiveNorm(
    weights,
    'canine.chars_to_molecules.LayerNorm',
    gelu(naiveConv(weights, 'canine.chars_to_molecules.conv', first, rate, 0)),
    epsilon,
  );
  for (const name of layers.slice(1, 3)) {
    deep = layer(name, deep, (q, k) => k * rate < count && (lookahead === undefined || k <= q));
  }
  const both = first.map((row, place) => [...row, ...deep[block(place)]!]);
  const mixed = gelu(naiveConv(weights, 'canine.projection.conv', both, 1, 1));
  const last = layer(layers[3]!, naiveNorm(weights, 'canine.projection.LayerNorm', mixed, epsilon), (q, k) => {
    return k < count && (lookahead === undefined || block(k) <= block(q));
  });
  return naiveLinear(weights, 'classifier', last).slice(0, count);
}

describe.each(engines)('WtP over CANINE on %s', (engine) => {
  useLeakGuard();

  it.each([
    ['with the adapter of a language', { language_adapter: 'on', n_languages: 3 }, 2, undefined],
    ['with the mean of all adapters', { language_adapter: 'shared', n_languages: 3 }, 'mean', undefined],
    ['with limited lookahead', { language_adapter: 'off', lookahead: 0 }, undefined, 0],
    ['without adapters', { language_adapter: 'off' }, undefined, undefined],
  ] as const)('labels characters %s', async (_, options, language, lookahead) => {
    const weights = weightsFor('n_languages' in options ? 3 : 0);
    const model = await wtpCanine.fromPretrained(safetensorsBytes(weights), {
      engine,
      config: { ...official, ...options },
    });
    const text = 'Ja. 😀 n';
    const [logits, other] = await model.characterLogits([text, 'no'], {
      precision: 'single',
      // The third of the official list of languages.
      ...(options.language_adapter === 'on' && { language: 'ar' }),
    });
    const expected = naive(weights, text, { language, lookahead }).flat();
    expect([...logits!]).toEqual(expected.map((value) => expect.closeTo(value, 4)));
    expect(other).toHaveLength(6);
    await model.dispose();
  });

  it('splits, and asks for a language where it needs one', async () => {
    const bytes = safetensorsBytes(weightsFor(3));
    const config = { ...official, n_languages: 3 };
    const model = await wtpCanine.fromPretrained(bytes, { engine, config });
    const text = 'One two. Three four! Five six.\nSeven eight.';
    const options = { language: 'af', threshold: 0.5, blockSize: 16, stride: 8 };
    expect((await model.split(text, options)).join('')).toBe(text);
    expect((await model.split(text, { ...options, removeSpaces: true })).join('')).toBe(text);
    const mixture = { coefficients: [1, -1, 0.5], intercept: 0, threshold: 0.4 };
    expect((await model.splitParagraphs(text, { ...options, mixture })).flat().join('')).toBe(text);
    await expect(model.split(text)).rejects.toThrow('language');
    await expect(model.split(text, { language: 'qq' })).rejects.toThrow('one of af');
    await model.dispose();
  });
});

describe('parseCanineConfig', () => {
  it('reads the official configuration', () => {
    expect(parseCanineConfig({})).toMatchObject({
      buckets: 16_384,
      rate: 4,
      localWidth: 128,
      languages: 85,
      adapterWidth: 384,
    });
    expect(parseCanineConfig({ language_adapter: 'off' }).languages).toBe(0);
    for (const [key, value] of Object.entries({ num_hash_functions: 5, ngram_order: 2, downsampling_rate: 0 })) {
      expect(() => parseCanineConfig({ [key]: value })).toThrow(key);
    }
  });
});
