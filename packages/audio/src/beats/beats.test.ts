import { Tokens } from '@tesserae/core';
import { useLeakGuard } from '@tesserae/core/test';
import { describe, expect, it } from 'vitest';
import { beatsFile, beatsTensors, sweep, tinyCfg } from '../../test/tiny-beats';
import { sound } from '../../test/tiny-models';
import { beats } from './beats';
import { parseConfig } from './config';

const engine = 'cpu';
const rate = { sampleRate: 16_000 };
const open = () => beats.fromConfig(parseConfig(tinyCfg), { engine });
const idsOf = ({ levels }: Tokens) => [...levels[0]!.data];

describe('BEATs', () => {
  useLeakGuard();

  it('labels every patch, in order of time and frequency, and decodes nothing', async () => {
    const tokenizer = await open();
    const tokens = await tokenizer.encode(sweep(16_000));
    expect(tokens.levels).toMatchObject([{ shape: [6, 8], axes: ['time', 'frequency'], vocabularySize: 64 }]);
    expect(tokens.levels[0]).not.toHaveProperty('margins');
    expect(tokens.source).toEqual({
      modality: 'audio',
      pipeline: 'torchaudio-16000-mono',
      sampleRate: 16_000,
      samples: 16_000,
    });
    expect(new Set(idsOf(tokens)).size).toBeGreaterThan(3);
    const { margins } = (await tokenizer.encode(sweep(16_000), { margins: true })).levels[0]!;
    expect(margins).toHaveLength(48);
    expect(tokenizer.info).toMatchObject({
      capabilities: ['latents', 'codes'],
      bitsPerToken: 6,
      levels: [{ shape: ['variable', 8], axes: ['time', 'frequency'] }],
      signal: { sampleRate: 16_000, channels: 1, hopLength: 2560, tokensPerSecond: 50 },
    });
    for (const name of ['decode', 'decodeBatch', 'encodeStream']) expect(tokenizer).not.toHaveProperty(name);
    // @ts-expect-error -- labels cannot be decoded, and the type says so.
    const missing: unknown = tokenizer.decode;
    expect(missing).toBeUndefined();
    await tokenizer.dispose();
  });

  it('gives a batch the ids of one by one, whatever the lengths', async () => {
    const tokenizer = await open();
    const clips = [2800, 20_001, 5359, 5360].map((samples, seed) => sweep(samples, seed + 1));
    const batch = await tokenizer.encodeBatch(clips);
    const alone: number[][] = [];
    for (const clip of clips) alone.push(idsOf(await tokenizer.encode(clip)));
    expect(batch.map(idsOf)).toEqual(alone);
    expect(batch.map(({ levels }) => levels[0]!.shape[0])).toEqual([1, 7, 1, 2]);
    await tokenizer.dispose();
  });

  it('resamples, mixes where it is told to, and hears no constant', async () => {
    const tokenizer = await open();
    const fast = await tokenizer.encode(sound(48_000, { sampleRate: 48_000 }));
    expect(fast.source).toMatchObject({ sampleRate: 48_000, samples: 48_000 });
    expect(fast.levels[0]!.shape).toEqual([6, 8]);
    const stereo = sound(8000, { ...rate, channels: 2 });
    await expect(tokenizer.encode(stereo)).rejects.toMatchObject({ message: expect.stringContaining("mono: 'mean'") });
    const first = await tokenizer.encode(stereo, { mono: 'first' });
    expect(idsOf(first)).toEqual(idsOf(await tokenizer.encode({ ...stereo, channels: [stereo.channels[0]!] })));
    const constant = (value: number) =>
      tokenizer.encode({ modality: 'audio', ...rate, channels: [new Float32Array(8000).fill(value)] });
    expect(idsOf(await constant(0.5))).toEqual(idsOf(await constant(0)));
    await tokenizer.dispose();
  });

  it('refuses what it cannot label, and says what it takes', async () => {
    const tokenizer = await open();
    const clip = (samples: number, value = 0.1) => ({
      modality: 'audio' as const,
      ...rate,
      channels: [new Float32Array(samples).fill(value)],
    });
    expect(await tokenizer.encode(clip(2800))).toBeInstanceOf(Tokens);
    for (const samples of [1, 399, 400, 2799]) {
      await expect(tokenizer.encode(clip(samples))).rejects.toMatchObject({
        name: 'InputError',
        code: 'unsupported-size',
        message: expect.stringMatching(new RegExp(`at least 2800 samples.*${samples}`)),
      });
    }
    await expect(tokenizer.encode(clip(0))).rejects.toMatchObject({ code: 'unsupported-size' });
    await expect(tokenizer.encode(clip(10_488_560))).rejects.toMatchObject({
      code: 'unsupported-size',
      message: expect.stringContaining('at most 10488559 samples'),
    });
    await expect(tokenizer.encode(clip(3000, Number.NaN))).rejects.toMatchObject({ code: 'not-finite' });
    const loud = clip(3000);
    loud.channels[0]!.forEach((_, at, all) => (all[at] = at % 2 === 0 ? 3e38 : -3e38));
    await expect(tokenizer.encode(loud)).rejects.toMatchObject({ code: 'not-finite' });
    for (const input of [new Float32Array(4000), [[[0, 1]]], { ...clip(3000), sampleRate: undefined }, null]) {
      await expect(tokenizer.encode(input as never)).rejects.toMatchObject({ name: 'InputError' });
    }
    await expect(tokenizer.encode(clip(3000), { prefix: 1 })).rejects.toMatchObject({ name: 'TokensError' });
    const reason = new Error('stop');
    await expect(tokenizer.encode(clip(3000), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await tokenizer.dispose();
  });

  it('gives the vectors on both sides of the quantizer: labels are the nearest directions', async () => {
    const tokenizer = await open();
    const clip = sweep(8000);
    const tokens = await tokenizer.encode(clip);
    const latents = await tokenizer.latents(clip);
    expect(latents.shape).toEqual([24, 8]);
    const [level] = tokens.levels;
    if (level?.kind !== 'index') throw new Error('ids');
    const all = new Tokens({
      ...tokens,
      levels: [{ ...level, shape: [8, 8], data: Int32Array.from(Array(64).keys()) }],
    });
    const codebook = await tokenizer.codes(all);
    const row = ({ data }: typeof latents, at: number) => [...data.subarray(at * 8, at * 8 + 8)];
    const codes = await tokenizer.codes(tokens);
    level.data.forEach((id, at) => {
      const latent = row(latents, at);
      const length = Math.hypot(...latent);
      const distances = Array.from({ length: 64 }, (_, code) =>
        Math.hypot(...row(codebook, code).map((value, i) => value - latent[i]! / length)),
      );
      expect(distances[id]).toBeLessThan(Math.min(...distances) + 1e-6);
      expect(row(codes, at)).toEqual(row(codebook, id));
    });
    const other = await beats.fromConfig(parseConfig(tinyCfg), { engine, seed: 2 });
    await expect(other.codes(tokens)).rejects.toMatchObject({ code: 'fingerprint-mismatch' });
    await other.dispose();
    await tokenizer.dispose();
  });
});

describe('files of BEATs', () => {
  useLeakGuard();
  const clip = sweep(20_000);
  /** What is quantized. */
  const latentsOf = async (file: Uint8Array, config?: object) => {
    const tokenizer = await beats.fromPretrained(file, { engine, ...(config && { config: config as never }) });
    const { data } = await tokenizer.latents(clip);
    await tokenizer.dispose();
    return data;
  };

  it('carry what shapes do not show', async () => {
    const tensors = await beatsTensors();
    const own = await latentsOf(beatsFile(tensors, tinyCfg));
    expect(await latentsOf(beatsFile(tensors), tinyCfg)).toEqual(own);
    const others = [{ deep_norm: false }, { max_distance: 9 }, { activation_fn: 'relu' }];
    const first = { deep_norm: false, layer_norm_first: true };
    for (const change of [...others, first]) {
      expect(await latentsOf(beatsFile(tensors, { ...tinyCfg, ...change }))).not.toEqual(own);
    }
  });

  it('share one table of positions: that of the last layer that names it', async () => {
    const tensors = await beatsTensors();
    const key = (layer: number) => `encoder.layers.${layer}.self_attn.relative_attention_bias.weight`;
    const table = tensors.get(key(1))!;
    const expected = await latentsOf(beatsFile(tensors, tinyCfg));
    const copy = { ...table, data: table.data.map((value) => 1 - value ** 2) };
    expect(await latentsOf(beatsFile(new Map([...tensors, [key(0), copy]]), tinyCfg))).toEqual(expected);
    const only = new Map([...tensors].map(([name, tensor]) => [name === key(1) ? key(0) : name, tensor]));
    expect(await latentsOf(beatsFile(only, tinyCfg))).toEqual(expected);
    expect(await latentsOf(beatsFile(new Map([...tensors, [key(1), copy]]), tinyCfg))).not.toEqual(expected);
  });

  it('have gates without positions, and a wider layer where they are gated', async () => {
    const plain = { ...tinyCfg, relative_position_embedding: false };
    const tensors = await beatsTensors(plain);
    const gate = { shape: [8, 4], data: new Float32Array(32) };
    const gates = [0, 1].map((layer) => [`encoder.layers.${layer}.self_attn.grep_linear.weight`, gate] as const);
    expect(await latentsOf(beatsFile(new Map([...tensors, ...gates]), plain))).toEqual(
      await latentsOf(beatsFile(tensors, plain)),
    );
    const glu = { ...tinyCfg, activation_fn: 'glu' };
    const wide = await beatsTensors(glu);
    expect(wide.get('encoder.layers.0.fc1.linear.weight')!.shape).toEqual([48, 16]);
    expect(await latentsOf(beatsFile(wide, glu))).toHaveLength(56 * 8);
  });

  it('of the model that is trained on labels are refused by their keys', async () => {
    const tensors = await beatsTensors();
    tensors.delete('quantize.embedding.weight');
    tensors.set('predictor.weight', { shape: [527, 16], data: new Float32Array(527 * 16) });
    await expect(latentsOf(beatsFile(tensors), tinyCfg)).rejects.toMatchObject({
      code: 'keys-mismatch',
      missing: ['quantize.embedding.weight'],
      unexpected: ['predictor.weight'],
    });
  });
});

describe('configuration', () => {
  it('has the official defaults', () => {
    expect(parseConfig({ input_patch_size: 16, dropout: 0.1, finetuned_model: false })).toMatchObject({
      patchWidth: 512,
      width: 768,
      layers: 12,
      activation: 'gelu',
      deepNorm: false,
      relativePositions: null,
      codebookSize: 1024,
    });
  });

  it.each([
    [{}, /input_patch_size/],
    [{ ...tinyCfg, input_patch_size: 129 }, /input_patch_size/],
    [{ ...tinyCfg, encoder_layers: 1e9 }, /encoder_layers/],
    [{ ...tinyCfg, encoder_attention_heads: 3 }, /encoder_attention_heads.*divisor of 16/],
    [{ ...tinyCfg, conv_pos_groups: 5 }, /conv_pos_groups/],
    [{ ...tinyCfg, layer_norm_first: true }, /deep_norm/],
    [{ ...tinyCfg, num_buckets: 3 }, /num_buckets/],
    [{ ...tinyCfg, max_distance: 8 }, /max_distance.*more than 8/],
    [{ ...tinyCfg, activation_fn: 'swish' }, /activation_fn/],
    [{ ...tinyCfg, deep_norm: 'yes' }, /deep_norm/],
    ['cfg', /beats config/],
  ])('refuses %j', (json, message) => {
    expect(() => parseConfig(json as never)).toThrow(message);
  });
});
