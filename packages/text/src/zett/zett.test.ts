import type { Json } from '@tesserae/core';
import { safetensorsBytes, tinyWeights, useLeakGuard } from '@tesserae/core/test';
import { describe, expect, it } from 'vitest';
import { wave } from '../../../core/test/on-backends';
import { onnxAvailable } from '../../../core/test/onnx-available';
import { bertLayerShapes, naiveBertLayer, naiveLinear, naiveNorm, naiveSum } from '../../test/naive-bert';
import { parseConfig } from './config';
import { surfaceForms } from './surface-forms';
import { zett } from './zett';

const [width, inner, embedding, length, vocabulary] = [16, 24, 6, 4, 10];
const engines = ['cpu', 'wasm', ...(onnxAvailable ? (['onnx'] as const) : [])] as const;

interface Variant {
  readonly languages?: number;
  readonly single?: boolean;
  readonly separate?: boolean;
  readonly rescale?: boolean;
  readonly bias?: boolean;
}

function setUp({ languages = 0, single = false, separate = false, rescale = false, bias = false }: Variant) {
  const source = separate ? 2 * embedding : embedding;
  const shapes: Record<string, readonly number[]> = {
    'model.embeddings.word_embeddings.weight': [2, width],
    'model.embeddings.position_embeddings.weight': [8, width],
    'model.embeddings.token_type_embeddings.weight': [1, width],
    'model.embeddings.LayerNorm.weight': [width],
    'model.embeddings.LayerNorm.bias': [width],
    'fallback_embeddings.weight': [3, source],
    ...bertLayerShapes('model.encoder.layer.0', width, inner),
    ...bertLayerShapes('model.encoder.layer.1', width, inner),
  };
  const linear = (key: string, from: number, to: number) => {
    shapes[`${key}.weight`] = [to, from];
    shapes[`${key}.bias`] = [to];
  };
  const projector = (key: string) => {
    linear(`${key}.dense1`, width, inner);
    linear(`${key}.dense2`, inner, width);
    shapes[`${key}.ln.weight`] = [width];
    shapes[`${key}.ln.bias`] = [width];
  };
  linear('input_projection.0', source, width);
  projector('input_projection.1');
  projector('output_projection.0');
  linear('output_projection.1', width, single ? source : embedding);
  if (separate && !single) {
    projector('output_projection_out.0');
    linear('output_projection_out.1', width, embedding);
  }
  if (bias) linear('bias_projection', width, 1);
  if (languages > 0) shapes['lang_embeddings.weight'] = [languages, width];
  const scalers: Record<string, number> = rescale
    ? { in_scaler: source, scaler: embedding, ...(separate && { out_scaler: embedding }) }
    : {};
  for (const [name, features] of Object.entries(scalers)) {
    shapes[`${name}.w`] = [1, features];
    shapes[`${name}.b`] = [1, features];
  }
  const config: Json = {
    hn_hidden_size: width,
    hn_intermediate_size: inner,
    hn_n_layers: 2,
    hn_num_attention_heads: 2,
    n_embd: embedding,
    hn_surface_maxlen: length,
    original_vocab_size: vocabulary,
    hn_n_extra_tokens: 3,
    pad_token_id: 1,
    max_position_embeddings: 8,
    hn_embed_using_source_embeddings: true,
    separate_out_embeddings: separate,
    hn_single_head: single,
    hn_rescale_embeddings: rescale,
    hn_predict_bias: bias,
    ...(languages > 0 && { hn_embed_lang_id: true, n_langs: languages }),
  };
  return { source, config, weights: tinyWeights(shapes) };
}

const tanhGelu = (x: number) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));

type Rows = readonly (readonly number[])[];
type Weights = ReturnType<typeof tinyWeights>;

function naiveProjector(weights: Weights, key: string, rows: Rows): number[][] {
  const through = (name: string, x: Rows) => naiveLinear(weights, `${key}.${name}`, x).map((row) => row.map(tanhGelu));
  return naiveNorm(weights, `${key}.ln`, naiveSum(through('dense2', through('dense1', rows)), rows), 1e-6);
}

function naiveRescale(weights: Weights, key: string, rows: Rows): Rows {
  const [w, b] = [weights[`${key}.w`]?.data, weights[`${key}.b`]?.data];
  return w && b ? rows.map((row) => row.map((value, at) => value * w[at]! + b[at]!)) : rows;
}

/** One token, in doubles: embedding, output embedding and bias. */
function naive(weights: Weights, ids: readonly number[], sources: Float32Array, variant: Variant): number[][] {
  const row = (key: string, at: number, columns: number) =>
    Array.from(weights[key]!.data.subarray(at * columns, (at + 1) * columns));
  const source = variant.separate ? 2 * embedding : embedding;
  const embedded = ids.map((id) => {
    if (id >= vocabulary) return row('fallback_embeddings.weight', id - vocabulary, source);
    return [...naiveRescale(weights, 'in_scaler', [Array.from(sources.subarray(id * source, (id + 1) * source))])[0]!];
  });
  const projected = naiveProjector(weights, 'input_projection.1', naiveLinear(weights, 'input_projection.0', embedded));
  const places = ids.map((_, at) => row('model.embeddings.position_embeddings.weight', at, width));
  const types = ids.map(() => row('model.embeddings.token_type_embeddings.weight', 0, width));
  const inside = naiveSum(naiveSum(projected, places), types);
  const mask = ids.map((id) => id !== 1);
  if (variant.languages) {
    inside.push(row('lang_embeddings.weight', 1, width));
    mask.push(true);
  }
  let rows = naiveNorm(weights, 'model.embeddings.LayerNorm', inside, 1e-5);
  for (const layer of [0, 1]) {
    const sees = (_: number, key: number) => mask[key]!;
    rows = naiveBertLayer(weights, `model.encoder.layer.${layer}`, rows, { heads: 2, epsilon: 1e-5, sees });
  }
  const first = [rows[0]!];
  const head = (key: string) => naiveLinear(weights, `${key}.1`, naiveProjector(weights, `${key}.0`, first))[0]!;
  const predicted = head('output_projection');
  const scaled = (key: string, values: number[]) => [...naiveRescale(weights, key, [values])[0]!];
  const outputs = variant.single ? predicted.slice(embedding) : variant.separate ? head('output_projection_out') : [];
  return [
    scaled('scaler', predicted.slice(0, embedding)),
    variant.separate ? scaled('out_scaler', outputs) : [],
    variant.bias ? naiveLinear(weights, 'bias_projection', first)[0]! : [],
  ];
}

const variants: readonly Variant[] = [
  {},
  { languages: 3, bias: true },
  { separate: true, rescale: true },
  { separate: true, single: true, rescale: true, bias: true },
];

describe.each(engines)('ZeTT on %s', (engine) => {
  useLeakGuard();

  it.each(variants)('predicts embeddings as the formulas say: %j', async (variant) => {
    const { source, config, weights } = setUp(variant);
    const model = await zett.fromPretrained(safetensorsBytes(weights), { engine, config });
    const ids = Int32Array.from([3, 4, 1, 1, 12, 0, 10, 9, 5, 1, 1, 1]);
    const sources = wave(vocabulary * source);
    const predicted = await model.predict(
      { rows: 3, columns: length, ids, truncated: 0 },
      { values: sources, columns: source },
      { batchSize: 2, ...(variant.languages && { language: 1 }) },
    );
    for (let token = 0; token < 3; token += 1) {
      const expected = naive(weights, [...ids.subarray(token * length, (token + 1) * length)], sources, variant);
      const range = [token * embedding, (token + 1) * embedding] as const;
      const actual = [
        Array.from(predicted.embeddings.values.subarray(...range)),
        Array.from(predicted.outputs?.values.subarray(...range) ?? []),
        Array.from(predicted.bias?.subarray(token, token + 1) ?? []),
      ];
      expect(actual).toEqual(expected.map((values) => values.map((value) => expect.closeTo(value, 4))));
    }
    await model.dispose();
  });
});

describe('ZeTT', () => {
  it('refuses what does not fit', async () => {
    const model = await zett.fromConfig(parseConfig(setUp({ languages: 2 }).config), { engine: 'cpu' });
    const surface = { rows: 1, columns: length, ids: new Int32Array(length), truncated: 0 };
    const sources = { values: new Float32Array(vocabulary * embedding), columns: embedding };
    await expect(model.predict(surface, sources)).rejects.toThrow('language');
    await expect(model.predict(surface, sources, { language: 2 })).rejects.toThrow('0..1');
    await expect(model.predict({ ...surface, columns: 2 }, sources, { language: 0 })).rejects.toThrow('surface');
    await expect(model.predict(surface, { ...sources, columns: 3 }, { language: 0 })).rejects.toThrow('sources');
    const ids = Int32Array.of(99, 0, 0, 0);
    await expect(model.predict({ ...surface, ids }, sources, { language: 0 })).rejects.toThrow('99 at 0');
    await model.dispose();
  });

  it('reads the official configuration', () => {
    const { config } = setUp({});
    const more = (fields: Record<string, Json>) => ({ ...(config as Record<string, Json>), ...fields });
    expect(parseConfig(config)).toMatchObject({ heads: 2, surfaceLength: 4, languages: 0 });
    expect(parseConfig(more({ hn_num_attention_heads: null, hn_hidden_size: 128 })).heads).toBe(2);
    expect(() => parseConfig(more({ hn_model_type: 't5' }))).toThrow('roberta');
    expect(() => parseConfig(more({ hn_embed_target_priors: true }))).toThrow('hn_embed_target_priors');
    expect(() => parseConfig(more({ hn_concat_last_hidden_state: true }))).toThrow('one position');
    expect(parseConfig(more({ hn_concat_last_hidden_state: true, hn_surface_maxlen: 1 })).surfaceLength).toBe(1);
  });
});

describe('surfaceForms', () => {
  it('spells, cuts off and fills up', () => {
    const spell = (token: string) => [...token].map((character) => character.codePointAt(0)! - 96);
    const options = { maxLength: 3, paddingId: 0, specials: new Map([['<s>', 77]]) };
    const { ids, truncated } = surfaceForms(['ab', '<s>', 'abcd', ''], spell, options);
    expect([...ids]).toEqual([1, 2, 0, 77, 0, 0, 1, 2, 3, 0, 0, 0]);
    expect(truncated).toBe(1);
    expect(() => surfaceForms([], spell, { maxLength: 0, paddingId: 0 })).toThrow('maxLength');
  });
});
