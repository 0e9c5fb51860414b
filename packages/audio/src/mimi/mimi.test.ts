import { openCheckpoint, Tokens } from '@tesserae/core';
import { safetensorsBytes, type TensorToWrite, useLeakGuard } from '@tesserae/core/test';
import { describe, expect, it } from 'vitest';
import { inBlocks, sound } from '../../test/tiny-models';
import { parseConfig } from './config';
import { codebookCounts } from './functions';
import { mimi } from './mimi';
import { presets } from './presets';

/** Frames of 40 samples, windows of attention that a short clip fills. */
const tiny = parseConfig({
  sample_rate: 24_000,
  frame_rate: 600,
  num_codebooks: 3,
  seanet: { dimension: 16, n_filters: 2, ratios: [5, 4] },
  quantizer: { dimension: 8, n_q: 5, bins: 64 },
  transformer: { d_model: 16, num_heads: 2, num_layers: 2, context: 7, dim_feedforward: 24 },
});
const open = (config = tiny) => mimi.fromConfig(config, { engine: 'cpu' });
const idsOf = (tokens: Tokens) => tokens.levels.map(({ data }) => [...data]);

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('configuration', () => {
  it('is as published where nothing is said, in either form', () => {
    const published = presets['mimi']!.config;
    expect(published).toMatchObject({ stride: 2, codebooks: 32, usedCodebooks: 8, codebookSize: 2048 });
    expect(parseConfig({ model_type: 'mimi', sampling_rate: 24_000, codebook_dim: 256 })).toEqual(published);
  });

  it.each([
    [{ frame_rate: 25 }, /frame_rate/],
    [{ transformer: { num_heads: 7 } }, /heads/],
    [{ num_codebooks: 33 }, /num_codebooks/],
    [{ transformer: { gating: 'silu' } }, /gating/],
    [{ seanet: { causal: false } }, /causal/],
  ])('refuses %j', (json, message) => {
    expect(() => parseConfig(json)).toThrow(message);
  });
});

describe('Mimi', () => {
  useLeakGuard();

  it('gives the usual codebooks, and as many as are asked for', async () => {
    const tokenizer = await open();
    const signal = sound(401);
    const usual = await tokenizer.encode(signal);
    const every = await tokenizer.encode(signal, { prefix: 5 });
    expect([usual.levels.length, every.levels.length]).toEqual([3, 5]);
    expect(usual.levels[0]!.shape).toEqual([11]);
    expect(idsOf(every).slice(0, 3)).toEqual(idsOf(usual));
    expect(idsOf(await tokenizer.encode(signal, { prefix: 2 }))).toEqual(idsOf(usual).slice(0, 2));
    expect((await tokenizer.decode(every)).channels[0]).toHaveLength(401);
    expect(codebookCounts(tiny)).toEqual([1, 3, 5]);
    await tokenizer.dispose();
  });

  it.each([false, true])(
    'streams both ways as the whole, beyond the window of attention (framewise %s)',
    async (framewise) => {
      const tokenizer = await open();
      const signal = sound(4001);
      const whole = await tokenizer.encode(signal, { framewise });
      const chunks = await all(tokenizer.encodeStream(inBlocks(signal, [1, 333]), { framewise, windowSeconds: 0.03 }));
      expect(chunks.length).toBeGreaterThan(3);
      expect(idsOf(Tokens.join(chunks))).toEqual(idsOf(whole));
      const decoded = (await tokenizer.decode(whole, { framewise })).channels[0]!;
      async function* given() {
        yield* chunks;
      }
      const parts = await all(tokenizer.decodeStream(given(), { framewise, windowSeconds: 0.03 }));
      const joined = parts.flatMap(({ channels }) => [...channels[0]!]);
      expect(joined).toHaveLength(4001);
      expect(Math.max(...joined.map((value, at) => Math.abs(value - decoded[at]!)))).toBeLessThan(1e-5);
      await tokenizer.dispose();
    },
  );

  it('streams otherwise frame by frame, but only where the window of attention is full', async () => {
    const tokenizer = await open();
    const wide = await open({ ...tiny, transformer: { ...tiny.transformer, context: 500 } });
    const signal = sound(4001);
    const latents = await Promise.all(
      [false, true].map(
        async (framewise) =>
          (await tokenizer.decode(await wide.encode(signal), { framewise, allowMismatch: true })).channels[0]!,
      ),
    );
    const difference = latents[0]!.map((value, at) => Math.abs(value - latents[1]![at]!));
    // Frame 3 is the first whose first step has all of six before it.
    expect(Math.max(...difference.subarray(0, 3 * 40))).toBe(0);
    expect(Math.max(...difference)).toBeGreaterThan(0);
    expect(idsOf(await wide.encode(signal, { framewise: true }))).toEqual(idsOf(await wide.encode(signal)));
    await tokenizer.dispose();
    await wide.dispose();
  });

  it('opens the transformers port with the ids of the official file', async () => {
    const file = new URL('../../test/fixtures/mimi/old-keys-batch/weights.safetensors', import.meta.url).pathname;
    const config = {
      num_codebooks: 3,
      seanet: { dimension: 32, n_filters: 2 },
      quantizer: { dimension: 16, n_q: 3, bins: 32 },
      transformer: { d_model: 32, num_heads: 2, num_layers: 1, dim_feedforward: 48 },
    };
    const official = await mimi.fromPretrained(decodeURIComponent(file), { engine: 'cpu', config });
    const port = await mimi.fromPretrained(safetensorsBytes(await portOf(decodeURIComponent(file), 32, 2)), {
      engine: 'cpu',
      config,
    });
    const signal = sound(9000);
    expect(idsOf(await port.encode(signal))).toEqual(idsOf(await official.encode(signal)));
    await official.dispose();
    await port.dispose();
  });
});

const portNames: readonly (readonly [RegExp, string])[] = [
  [/_transformer\.transformer\./, '_transformer.'],
  [/self_attn\.out_proj\./, 'self_attn.o_proj.'],
  [/norm1\./, 'input_layernorm.'],
  [/norm2\./, 'post_attention_layernorm.'],
  [/linear(\d)\./, 'mlp.fc$1.'],
  [/layer_scale_1\./, 'self_attn_layer_scale.'],
  [/layer_scale_2\./, 'mlp_layer_scale.'],
  [/rvq_first/, 'semantic_residual_vector_quantizer'],
  [/rvq_rest/, 'acoustic_residual_vector_quantizer'],
  [/vq\.layers\.(\d+)\._codebook\./, 'layers.$1.codebook.'],
  [/embedding_sum/, 'embed_sum'],
  [/_initialized/, 'initialized'],
  [/(down|up)sample\..*weight/, '$1sample.conv.weight'],
  [/coder\.model\.(.*)\.(?:conv\.conv|convtr\.convtr)\./, 'coder.layers.$1.conv.'],
];

/** The tensors of an official file as the port stores them. */
async function portOf(file: string, width: number, heads: number): Promise<Record<string, TensorToWrite>> {
  const checkpoint = await openCheckpoint(file);
  const tensors: Record<string, TensorToWrite> = {};
  for (const key of checkpoint.keys()) {
    const { shape } = checkpoint.tensor(key);
    const data = (await checkpoint.tensor(key).read()) as Float32Array;
    const name = portNames.reduce((text, [pattern, to]) => text.replace(pattern, to), key);
    if (!key.includes('in_proj_weight')) {
      tensors[name] = { shape, data };
      continue;
    }
    ['q', 'k', 'v'].forEach((letter, part) => {
      const rows = data.slice(part * width * width, (part + 1) * width * width);
      const stored = letter === 'v' ? rows : halvesFirst(rows, width, heads);
      tensors[name.replace('in_proj_weight', `${letter}_proj.weight`)] = { shape: [width, width], data: stored };
    });
  }
  await checkpoint.close();
  return tensors;
}

/** Even rows of each head, then the odd ones. */
function halvesFirst(rows: Float32Array, width: number, heads: number): Float32Array {
  const dim = width / heads;
  const order = Array.from({ length: heads }, (_, head) => {
    const all = Array.from({ length: dim }, (__, row) => head * dim + row);
    return [...all.filter((row) => row % 2 === 0), ...all.filter((row) => row % 2 === 1)];
  }).flat();
  return Float32Array.from(order.flatMap((row) => [...rows.subarray(row * width, (row + 1) * width)]));
}
