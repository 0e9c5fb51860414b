import { type Checkpoint, openCheckpoint } from '@tesserae/core';
import { safetensorsBytes } from '@tesserae/core/test';
import { describe, expect, it } from 'vitest';
import { field } from '../../../core/test/attacks/file-writers';
import { temporaryFiles } from '../../../core/test/temporary-files';
import { halfSafetensors } from '../../../core/test/weight-file-forms';
import { s3Onnx, s3Shapes, s3Weights, type StateDict } from '../../test/s3-files';
import { sound } from '../../test/tiny-models';
import { audioTokenizers } from '../registry';
import { parseConfig } from './config';
import { presets } from './presets';
import { s3 } from './s3';
import { unwrap } from './unwrap';

const sizes = { n_mels: 8, n_audio_ctx: 64, n_audio_state: 64, n_audio_head: 1, n_audio_layer: 2 };
const configs = {
  v1: { name: 'speech_tokenizer_v1', config: { ...sizes, n_codebook_size: 32 } },
  v2: { name: 'speech_tokenizer_v2_25hz', config: sizes },
  v3: { name: 'speech_tokenizer_v3_25hz', config: sizes },
};
const weightsOf = (version: keyof typeof configs) => s3Weights(parseConfig(configs[version]));
const files = temporaryFiles();
const cpu = { engine: 'cpu' } as const;

async function tensorsOf(checkpoint: Checkpoint): Promise<StateDict> {
  const entries = checkpoint.keys().map(async (key) => {
    const { shape, read } = checkpoint.tensor(key);
    return [key, { shape: [...shape], data: (await read()) as Float32Array }] as const;
  });
  return Object.fromEntries((await Promise.all(entries)).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

const sorted = (weights: StateDict): StateDict =>
  Object.fromEntries(
    Object.entries(weights)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, { shape, data }]) => [key, { shape: [...shape], data: Float32Array.from(data) }]),
  );

describe('an ONNX file', () => {
  const shared = ['encoder.blocks.0.attn_ln.bias', 'encoder.blocks.1.attn.query.bias'];
  it.each([
    ['v1', { plainNorms: true }],
    ['v2', { shared }],
    ['v3', { shared }],
  ] as const)('is the state dict of version %s', async (version, options) => {
    const weights = weightsOf(version);
    const checkpoint = await openCheckpoint(s3Onnx(weights, options));
    expect(await tensorsOf(unwrap(checkpoint))).toEqual(sorted(weights));
    await checkpoint.close();
  });

  it.each([
    ['v1', { 'encoder.conv1.weight': 'onnx::Conv_1519' }, 50],
    ['v1', { 'encoder.conv1.weight': 'encoders.conv1.weight' }, 25],
    ['v2', {}, 25],
    ['v3', {}, 25],
  ] as const)('of version %s named %j tells its own size and rate', async (version, names, rate) => {
    const tokenizer = await s3.fromPretrained(s3Onnx(weightsOf(version), { names }), cpu);
    expect(tokenizer.info.signal).toMatchObject({ sampleRate: 16_000, tokensPerSecond: rate });
    expect(tokenizer.info.identity.variant).toBe('custom');
    await tokenizer.dispose();
  });

  it('of version 1 that does not tell its rate needs a configuration', async () => {
    const bytes = s3Onnx(weightsOf('v1'));
    await expect(s3.fromPretrained(bytes, cpu)).rejects.toMatchObject({ name: 'CheckpointError' });
    const tokenizer = await s3.fromPretrained(bytes, { ...cpu, config: configs.v1 });
    await tokenizer.dispose();
  });

  it.each([
    ['s3-v1-50', 'onnx::Conv_1519'],
    ['s3-v1-25', 'encoders.conv1.weight'],
    ['s3-v2-25', 'onnx::Conv_2216'],
    ['s3-v3-25', 'onnx::Conv_1'],
  ])('of the size of %s is that preset', async (preset, name) => {
    const shapes = s3Shapes(presets[preset]!.config);
    // Zeros that every tensor is a piece of: 5120 x 1280 is the largest.
    await files.write('zeros.bin', new Uint8Array(5120 * 1280 * 4));
    const external = Object.fromEntries(Object.keys(shapes).map((key) => [key, 'zeros.bin']));
    const bytes = s3Onnx(shapes, { external, names: { 'encoder.conv1.weight': name } });
    const tokenizer = await s3.fromPretrained(await files.write('tokenizer.onnx', bytes), cpu);
    expect(tokenizer.info).toMatchObject({
      identity: { variant: preset },
      license: { name: 'Apache-2.0', use: 'any' },
      signal: { tokensPerSecond: preset === 's3-v1-50' ? 50 : 25 },
    });
    await tokenizer.dispose();
  });

  it('is told by names where no path tells it', async () => {
    const weights = weightsOf('v2');
    const named: Readonly<Record<string, string>> = {
      'encoder.conv1.weight': 'onnx::Conv_2216',
      'encoder.conv1.bias': 'onnx::Conv_2217',
      'encoder.conv2.weight': 'onnx::Conv_2218',
      'encoder.conv2.bias': 'onnx::Conv_2219',
      'quantizer._codebook.project_down.weight': 'onnx::MatMul_2536',
      'quantizer._codebook.project_down.bias': 'quantizer.project_in.bias',
    };
    const whole = s3Onnx(weights, { names: named });
    // The same lengths under paths that say nothing.
    const text = Buffer.from(whole).toString('latin1');
    const hidden = text.replaceAll('/conv1/', '/xxxx1/').replaceAll('/conv2/', '/xxxx2/');
    const bytes = Uint8Array.from(Buffer.from(hidden.replaceAll('/project_in/', '/xxxxxxx_in/'), 'latin1'));
    const checkpoint = await openCheckpoint(bytes);
    expect(await tensorsOf(unwrap(checkpoint))).toEqual(sorted(weights));
    await checkpoint.close();
  });

  it('in which two initializers claim a parameter is refused, and the parameter named', async () => {
    const second = field(1, [
      field(1, 'x'),
      field(1, 'onnx::9000'),
      field(2, 'other'),
      field(3, '/blocks.0/attn/query/Add'),
      field(4, 'Add'),
    ]);
    const clash = [field(5, [field(1, 64), field(2, 1), field(9, new Uint8Array(256)), field(8, 'clash')])];
    const claim = field(1, [field(1, 'clash'), field(3, '/blocks.0/attn/query/Add'), field(4, 'Add')]);
    const bytes = s3Onnx(weightsOf('v2'), { more: [second, ...clash, claim] });
    await expect(s3.fromPretrained(bytes, { ...cpu, config: configs.v2 })).rejects.toMatchObject({
      name: 'CheckpointError',
      missing: ['encoder.blocks.0.attn.query.bias'],
    });
  });

  it('of another model is none of these', async () => {
    const other = s3Onnx({ 'encoder.layer.weight': { shape: [2, 2], data: new Float32Array(4) } });
    await expect(s3.fromPretrained(other, cpu)).rejects.toMatchObject({ code: 'keys-mismatch' });
    expect(await audioTokenizers.inspect(other)).toMatchObject({ system: null });
  });

  it('is recognized among all audio tokenizers', async () => {
    expect(await audioTokenizers.inspect(s3Onnx(weightsOf('v2')))).toMatchObject({ system: 'audio/s3' });
  });

  it('cut anywhere is a typed error', async () => {
    const bytes = s3Onnx(weightsOf('v2'));
    for (let cut = 1; cut < 12; cut += 1) {
      const part = bytes.slice(0, Math.floor((bytes.length * cut) / 12));
      await expect(s3.fromPretrained(part, { ...cpu, config: configs.v2 })).rejects.toMatchObject({
        name: 'CheckpointError',
      });
    }
  });

  it.each([
    ['a shape beyond its data', field(5, [field(1, 1 << 30), field(1, 1 << 30), field(2, 1), field(8, 'big')])],
    ['a length beyond the file', Uint8Array.of(0x2a, 0xff, 0xff, 0xff, 0xff, 0x0f)],
    ['a length beyond all numbers', Uint8Array.of(0x2a, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1)],
    ['a tensor without a name', field(5, [field(1, 1), field(2, 1), field(9, new Uint8Array(4))])],
  ])('with %s is a typed error', async (_, part) => {
    const bytes = s3Onnx(weightsOf('v2'), { more: [part] });
    await expect(s3.fromPretrained(bytes, { ...cpu, config: configs.v2 })).rejects.toMatchObject({
      name: 'CheckpointError',
    });
  });

  it('may have external data beside it, and nowhere else', async () => {
    const weights = weightsOf('v2');
    const key = 'encoder.conv1.bias';
    await files.write('bias.bin', new Uint8Array(weights[key]!.data.slice().buffer));
    const inside = await files.write('inside.onnx', s3Onnx(weights, { external: { [key]: 'bias.bin' } }));
    const checkpoint = await openCheckpoint(inside);
    expect(await tensorsOf(unwrap(checkpoint))).toEqual(sorted(weights));
    await checkpoint.close();
    for (const location of ['../bias.bin', '/etc/hostname', 'C:\\bias.bin', 'a/../../bias.bin', '']) {
      const path = await files.write('outside.onnx', s3Onnx(weights, { external: { [key]: location } }));
      await expect(s3.fromPretrained(path, { ...cpu, config: configs.v2 })).rejects.toMatchObject({
        code: 'malformed',
        message: expect.stringMatching(/outside\.onnx.*inside of the folder/),
      });
    }
    const lost = await files.write('lost.onnx', s3Onnx(weights, { external: { [key]: 'missing.bin' } }));
    await expect(s3.fromPretrained(lost, { ...cpu, config: configs.v2 })).rejects.toMatchObject({
      code: 'unreadable',
      message: expect.stringContaining('missing.bin'),
    });
  });
});

describe('a state dict', () => {
  it('is found inside of a whole speech model', async () => {
    const weights = weightsOf('v2');
    const inner = Object.entries(weights).map(([key, tensor]) => [`tokenizer.${key}`, tensor] as const);
    const extra = { shape: [2], data: new Float32Array(2) };
    const bytes = safetensorsBytes({
      'flow.encoder.weight': extra,
      ...Object.fromEntries(inner),
      'tokenizer._mel_filters': extra,
      'tokenizer.window': extra,
    });
    const tokenizer = await s3.fromPretrained(bytes, { ...cpu, config: configs.v2 });
    const official = await s3.fromPretrained(s3Onnx(weights), { ...cpu, config: configs.v2 });
    expect(tokenizer.info.identity.fingerprint).toBe(official.info.identity.fingerprint);
    await tokenizer.dispose();
    await official.dispose();
  });

  it('lacking a tensor, or with one too many, is refused with its name', async () => {
    const { 'encoder.conv2.bias': _, ...rest } = weightsOf('v3');
    const bytes = safetensorsBytes({ ...rest, 'encoder.conv3.bias': { shape: [1], data: new Float32Array(1) } });
    await expect(s3.fromPretrained(bytes, { ...cpu, config: configs.v3 })).rejects.toMatchObject({
      code: 'keys-mismatch',
      missing: ['encoder.conv2.bias'],
      unexpected: ['encoder.conv3.bias'],
    });
  });

  it.each(['F16', 'BF16'] as const)('in %s gives the ids of its widened values', async (dtype) => {
    const { halves, widened } = halfSafetensors(weightsOf('v2'), dtype);
    const wide = Object.fromEntries(
      Object.entries(widened).map(([key, { shape, data }]) => [key, { shape, data: Float32Array.from(data) }]),
    );
    const signal = sound(9000, { sampleRate: 16_000 });
    const ids: number[][] = [];
    for (const bytes of [halves, safetensorsBytes(wide)]) {
      const tokenizer = await s3.fromPretrained(bytes, { ...cpu, config: configs.v2 });
      const { levels } = await tokenizer.encode(signal);
      ids.push([...levels[0]!.data]);
      await tokenizer.dispose();
    }
    expect(ids[0]).toEqual(ids[1]);
    expect(new Set(ids[0]).size).toBeGreaterThan(3);
  });
});
