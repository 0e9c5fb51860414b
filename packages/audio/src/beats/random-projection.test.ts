import { openCheckpoint, Tokens, writeSafetensors } from '@tesserae/core';
import { useLeakGuard } from '@tesserae/core/test';
import { describe, expect, it } from 'vitest';
import { sweep } from '../../test/tiny-beats';
import { inBlocks } from '../../test/tiny-models';
import { audioTokenizers } from '../registry';
import { beatsFilterBank } from './filter-bank';
import { parseRandomConfig, type ProjectionNorm } from './random-config';
import { beatsRandomProjection } from './random-projection';
import { drawBeatsRandomWeights } from './random-weights';

const engine = 'cpu';
const tiny = (norm: ProjectionNorm = 'length') => parseRandomConfig({ embed_dim: 20, quant_n: 50, quant_dim: 6, norm });
const clip = sweep(8000);
const idsOf = ({ levels }: Tokens) => [...levels[0]!.data];

async function valuesOf(file: Uint8Array): Promise<Map<string, Float32Array>> {
  const checkpoint = await openCheckpoint(file);
  const values = new Map<string, Float32Array>();
  for (const key of checkpoint.keys()) values.set(key, (await checkpoint.tensor(key).read()) as Float32Array);
  await checkpoint.close();
  return values;
}

const normalize = (x: number[]) => {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
  return x.map((value) => (value - mean) / Math.sqrt(variance + 1e-5));
};
const unit = (x: number[]) => x.map((value) => value / Math.hypot(...x));
const times = (matrix: Float32Array, x: readonly number[], rows: number) =>
  Array.from({ length: rows }, (_, row) =>
    x.reduce((sum, value, column) => sum + value * matrix[row * x.length + column]!, 0),
  );

/** The labels in doubles. */
async function expectedLabels(file: Uint8Array, norm: ProjectionNorm): Promise<number[]> {
  const values = await valuesOf(file);
  const codes = Array.from({ length: 50 }, (_, code) => [
    ...values.get('random_projection_quantizer.codebook')!.subarray(code * 6, code * 6 + 6),
  ]);
  const { data } = beatsFilterBank(clip.channels[0]!, 48);
  return Array.from({ length: 24 }, (_, label) => {
    const [step, band] = [Math.floor(label / 8), label % 8];
    const patch = Array.from(
      { length: 256 },
      (__, at) => data[(step * 16 + Math.floor(at / 16)) * 128 + band * 16 + (at % 16)]!,
    );
    const features = normalize(times(values.get('patch_embedding.weight')!, patch, 20));
    const projected = times(values.get('random_projection_quantizer.random_projection.weight')!, features, 6);
    const query = { length: unit, layer: normalize, none: (x: number[]) => x }[norm](projected);
    const distances = codes.map((code) =>
      Math.hypot(...(norm === 'length' ? unit(code) : code).map((value, i) => value - query[i]!)),
    );
    return distances.indexOf(Math.min(...distances));
  });
}

describe('the random projection', () => {
  useLeakGuard();

  it.each(['length', 'layer', 'none'] as const)('labels by the nearest random code (norm: %s)', async (norm) => {
    const tokenizer = await beatsRandomProjection.fromConfig(tiny(norm), { engine, seed: 5 });
    const tokens = await tokenizer.encode(clip);
    expect(idsOf(tokens)).toEqual(await expectedLabels(drawBeatsRandomWeights(tiny(norm), 5), norm));
    expect(new Set(idsOf(tokens)).size).toBeGreaterThan(3);
    expect(tokens.levels[0]!.shape).toEqual([3, 8]);
    await tokenizer.dispose();
  });

  it('is repeated by its seed, and by the file of its numbers', async () => {
    const file = drawBeatsRandomWeights(tiny(), 3);
    const first = await beatsRandomProjection.fromConfig(tiny(), { engine, seed: 3 });
    const opened = await audioTokenizers.fromPretrained(file, { engine });
    const other = await beatsRandomProjection.fromConfig(tiny(), { engine, seed: 4 });
    const expected = await first.encode(clip);
    expect(idsOf(await opened.encode(clip))).toEqual(idsOf(expected));
    expect(opened.info.identity).toEqual(first.info.identity);
    expect(idsOf(await other.encode(clip))).not.toEqual(idsOf(expected));
    expect(other.info.identity.fingerprint).not.toBe(first.info.identity.fingerprint);
    expect(first.info).toMatchObject({ capabilities: ['encodeStream'], license: { name: 'none', use: 'any' } });
    expect(first).not.toHaveProperty('decode');
    expect(await audioTokenizers.inspect(file)).toMatchObject({
      system: 'audio/beats-random-projection',
      problems: [],
    });
    for (const tokenizer of [first, opened, other]) await tokenizer.dispose();
  });

  it('labels long clips as their parts: no patch looks at another', async () => {
    const tokenizer = await beatsRandomProjection.fromConfig(tiny(), { engine: 'wasm' });
    const long = sweep(2560 * 260 + 240);
    const all = idsOf(await tokenizer.encode(long));
    expect(all).toHaveLength(260 * 8);
    const end = { ...long, channels: [long.channels[0]!.subarray(2560 * 250)] };
    expect(all.slice(250 * 8)).toEqual(idsOf(await tokenizer.encode(end)));
    await tokenizer.dispose();
  });

  it.each([
    [16_000, [1, 333, 5000]],
    [22_050, [700]],
  ])('streams sound of %i Hz in blocks of %j as the whole', async (sampleRate, lengths) => {
    const tokenizer = await beatsRandomProjection.fromConfig(tiny(), { engine });
    const whole = { ...sweep(33_333), sampleRate };
    const chunks: Tokens[] = [];
    const stream = tokenizer.encodeStream(inBlocks(whole, lengths), { windowSeconds: 0.35 });
    for await (const chunk of stream) chunks.push(chunk);
    const joined = Tokens.join(chunks);
    const expected = await tokenizer.encode(whole);
    expect(chunks.length).toBeGreaterThan(4);
    expect(joined.levels).toEqual(expected.levels);
    expect(joined.source).toEqual(expected.source);
    await tokenizer.dispose();
  });

  it('refuses streams of too little, and windows of nothing', async () => {
    const tokenizer = await beatsRandomProjection.fromConfig(tiny(), { engine });
    const first = (samples: number, options = {}) =>
      tokenizer.encodeStream(inBlocks(sweep(samples), [100]), options).next();
    for (const samples of [0, 1, 2799]) {
      await expect(first(samples)).rejects.toMatchObject({ name: 'InputError', code: 'unsupported-size' });
    }
    expect((await first(2800)).value).toBeInstanceOf(Tokens);
    for (const windowSeconds of [0, -1, Number.NaN]) {
      await expect(first(9000, { windowSeconds })).rejects.toMatchObject({ name: 'InputError' });
    }
    await tokenizer.dispose();
  });

  it('draws each tensor from its distribution', async () => {
    const config = parseRandomConfig({ conv_bias: true });
    const values = await valuesOf(drawBeatsRandomWeights(config, 0));
    const spread = (key: string) => {
      const all = values.get(key)!;
      const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
      return [mean, Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length)] as const;
    };
    const deviation = Math.sqrt(2 / (256 + 512 * 256));
    expect(spread('patch_embedding.weight')[1] / deviation).toBeCloseTo(1, 1);
    expect(spread('random_projection_quantizer.codebook')[1]).toBeCloseTo(1, 1);
    const projection = values.get('random_projection_quantizer.random_projection.weight')!;
    expect(Math.max(...projection)).toBeLessThanOrEqual(Math.fround(Math.sqrt(6 / 768)));
    expect(Math.min(...projection)).toBeGreaterThanOrEqual(-Math.fround(Math.sqrt(6 / 768)));
    expect(spread('random_projection_quantizer.random_projection.weight')[1]).toBeCloseTo(Math.sqrt(2 / 768), 3);
    expect(values.get('patch_embedding.bias')).toEqual(new Float32Array(512));
    for (const key of values.keys()) expect(Math.abs(spread(key)[0])).toBeLessThan(0.01);
  });

  it('opens files of ESPnet, which carry no configuration', async () => {
    const tensors = await openCheckpoint(drawBeatsRandomWeights(tiny(), 5));
    const plain = new Map<string, { readonly shape: readonly number[]; readonly data: Float32Array }>();
    for (const key of tensors.keys()) {
      plain.set(key, { shape: tensors.shape(key), data: (await tensors.tensor(key).read()) as Float32Array });
    }
    await tensors.close();
    const tokenizer = await beatsRandomProjection.fromPretrained(writeSafetensors(plain), { engine });
    expect(idsOf(await tokenizer.encode(clip))).toEqual(
      await expectedLabels(drawBeatsRandomWeights(tiny('layer'), 5), 'layer'),
    );
    await tokenizer.dispose();
    plain.delete('random_projection_quantizer.codebook');
    await expect(beatsRandomProjection.fromPretrained(writeSafetensors(plain), { engine })).rejects.toMatchObject({
      name: 'PretrainedError',
    });
  });

  it('refuses seeds, sizes and clips that cannot be', async () => {
    for (const seed of [-1, 1.5, Number.NaN]) {
      await expect(beatsRandomProjection.fromConfig(tiny(), { engine, seed })).rejects.toMatchObject({
        name: 'InputError',
      });
    }
    expect(() => parseRandomConfig({ norm: 'l2' })).toThrow(/norm/);
    expect(() => parseRandomConfig({ input_patch_size: 0 })).toThrow(/input_patch_size/);
    const tokenizer = await beatsRandomProjection.fromConfig(tiny(), { engine });
    await expect(tokenizer.encode(sweep(2799))).rejects.toMatchObject({
      code: 'unsupported-size',
    });
    await tokenizer.dispose();
  });
});
