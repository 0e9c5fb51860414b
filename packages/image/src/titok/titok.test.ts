import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { encodeAll, Tokens, torchRandom, type ImageSignal } from '@tesserae/core';
import { expectClose, useLeakGuard } from '@tesserae/core/test';
import { beforeAll, describe, expect, it } from 'vitest';
import { onnxAvailable } from '../../../core/test/onnx-available';
import { temporaryFiles } from '../../../core/test/temporary-files';
import { halfSafetensors, weightFileForms } from '../../../core/test/weight-file-forms';
import { abortEverywhere } from '../../test/abort-at';
import { caseFiles, difference, truncatedPixels, weightTensors } from '../../test/case-files';
import { tinyTitok } from '../../test/tiny-titok';
import { titok } from './titok';
import { titokTokenizer } from './tokenizer';

const engines = ['cpu', 'wasm', ...(onnxAvailable ? (['onnx'] as const) : [])] as const;
const files = temporaryFiles();
const vq = await caseFiles('titok/vq-l2-nonlegacy');
const vae = await caseFiles('titok/vae-c16');
const tinyVq = tinyTitok('image/titok', vq.config, (model) => titokTokenizer(model, 'none'));
const tinyVae = tinyTitok('image/titok', vae.config, (model) => titokTokenizer(model, 'none'));
const image = await vq.image('input.image');
const officialIds = await vq.ids('output.ids');
const pipeline = 'none';
const idsOf = ({ levels }: Tokens) => Array.from(levels[0]!.data);

/** Another picture of the same size. */
function shifted({ data, ...rest }: ImageSignal, by: number): ImageSignal {
  return { ...rest, data: Float32Array.from(data, (_, index) => data[(index + by * 3) % data.length]!) };
}

describe('files', () => {
  useLeakGuard();
  let forms: Readonly<Record<string, Uint8Array>>;
  beforeAll(async () => {
    forms = weightFileForms(await weightTensors(vq.path('pytorch_model.bin')));
  });

  it('gives the official ids and one fingerprint from every form of the weights', async () => {
    const folder = join(files.folder(), 'titok');
    const prints = new Set<string>();
    for (const [name, bytes] of Object.entries(forms)) {
      const only = join(folder, name);
      await mkdir(only, { recursive: true });
      await writeFile(join(only, name), bytes);
      await writeFile(join(only, 'config.json'), JSON.stringify(tinyVq.official));
      for (const source of [only, join(only, name), bytes, new Blob([bytes as Uint8Array<ArrayBuffer>])]) {
        const config = typeof source === 'string' ? {} : { config: tinyVq.official };
        const tokenizer = await tinyVq.system.fromPretrained(source, { engine: 'cpu', ...config });
        expect(tokenizer.info.identity.variant).toBe('tiny');
        prints.add(tokenizer.info.identity.fingerprint);
        expect(idsOf(await tokenizer.encode(image, { pipeline }))).toEqual(officialIds);
        await tokenizer.dispose();
      }
    }
    expect(prints.size).toBe(1);
  });

  it.each(['F16', 'BF16'] as const)('takes %s weights: the ids of the same weights widened', async (dtype) => {
    const { halves, widened } = halfSafetensors(await weightTensors(vq.path('pytorch_model.bin')), dtype);
    const results: number[][] = [];
    for (const bytes of [halves, weightFileForms(widened)['model.safetensors']]) {
      const tokenizer = await tinyVq.system.fromPretrained(bytes, { engine: 'cpu', config: tinyVq.official });
      results.push(idsOf(await tokenizer.encode(image, { pipeline })));
      await tokenizer.dispose();
    }
    expect(results[0]).toEqual(results[1]);
  });

  it('refuses a checkpoint of another family or variant with one report', async () => {
    const other = vae.path('weights.safetensors');
    await expect(titok.fromPretrained(other, { engine: 'cpu' })).rejects.toMatchObject({
      name: 'CheckpointError',
      code: 'keys-mismatch',
    });
    const folder = join(files.folder(), 'wrong');
    await mkdir(folder);
    await writeFile(join(folder, 'model.safetensors'), forms['model.safetensors']!);
    await expect(titok.fromPretrained('titok-s128', { folder, engine: 'cpu' })).rejects.toMatchObject({
      code: 'keys-mismatch',
      missing: expect.arrayContaining(['pixel_quantize.embedding.weight', 'decoder.ffn.2.weight']),
      unexpected: expect.arrayContaining(['decoder.conv_out.weight']),
      misshaped: expect.arrayContaining([{ key: 'latent_tokens', expected: [128, 512], actual: [7, 40] }]),
    });
  });

  it('knows split attention names of other exports (F108)', async () => {
    const split = Object.entries(await weightTensors(vq.path('pytorch_model.bin'))).flatMap(([key, tensor]) => {
      const packed = /^(.*)\.in_proj_(weight|bias)$/.exec(key);
      if (!packed) return [[key, tensor] as const];
      const [rows, ...rest] = tensor.shape as [number, ...number[]];
      return ['q', 'k', 'v'].map((letter, index) => {
        const size = tensor.data.length / 3;
        const part = { shape: [rows / 3, ...rest], data: tensor.data.slice(index * size, (index + 1) * size) };
        return [`${packed[1]}.${letter}_proj.${packed[2]}`, part] as const;
      });
    });
    const bytes = weightFileForms(Object.fromEntries(split))['model.safetensors'];
    const tokenizer = await tinyVq.system.fromPretrained(bytes, { engine: 'cpu', config: tinyVq.official });
    expect(idsOf(await tokenizer.encode(image, { pipeline }))).toEqual(officialIds);
    await tokenizer.dispose();
  });
});

describe.each(engines)('a codebook on %s', (engine) => {
  useLeakGuard();
  const load = async () => {
    tinyVq.reads.clear();
    return tinyVq.system.fromPretrained(await vq.bytes('pytorch_model.bin'), { engine, config: tinyVq.official });
  };

  it('gives the same ids alone, in a batch and in a stream', async () => {
    const tokenizer = await load();
    const images = [0, 5, 11].map((by) => shifted(image, by));
    const alone: number[][] = [];
    for (const each of images) alone.push(idsOf(await tokenizer.encode(each, { pipeline })));
    expect(alone[0]).toEqual(officialIds);
    expect((await tokenizer.encodeBatch(images, { pipeline })).map(idsOf)).toEqual(alone);
    const streamed: number[][] = [];
    for await (const tokens of encodeAll(tokenizer, images, { pipeline, concurrency: 3 })) streamed.push(idsOf(tokens));
    expect(streamed).toEqual(alone);
    await tokenizer.dispose();
  });

  it('never reads decoder weights to encode, nor encoder weights to decode', async () => {
    const encoder = await load();
    const tokens = await encoder.encode(image, { pipeline });
    expect([...tinyVq.reads].sort()).toEqual(['codebook', 'encoder']);
    await encoder.dispose();
    const decoder = await load();
    await decoder.decode(tokens);
    expect([...tinyVq.reads].sort()).toEqual(['codebook', 'decoder']);
    await decoder.dispose();
  });

  it('decodes what came through bytes and JSON as the official code does', async () => {
    const tokenizer = await load();
    const tokens = await tokenizer.encode(image, { pipeline });
    const decoded = await tokenizer.decode(tokens);
    const expected = truncatedPixels(await vq.tensor('output.recon_from_ids'));
    expect(difference(decoded, { ...decoded, data: expected })).toBeLessThanOrEqual(1);
    const again = [Tokens.fromBytes(tokens.toBytes()), Tokens.fromJSON(JSON.parse(JSON.stringify(tokens)))];
    expect(await tokenizer.decodeBatch(again)).toEqual([decoded, decoded]);
    const rounded = await tokenizer.decode(tokens, { rounding: 'round' });
    expect(difference(rounded, decoded)).toBe(1);
    expect(tokens.toBytes({ container: 'payload' })).toHaveLength(Math.ceil((7 * 9) / 8));
    await tokenizer.dispose();
  });

  it('finishes what runs before it is disposed, and runs nothing after', async () => {
    const [tokenizer, other] = await Promise.all([load(), load()]);
    const running = tokenizer.encode(image, { pipeline });
    // Preprocessing takes a few turns; the model has to be asked before it is disposed.
    while (tinyVq.reads.size === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    const disposed = tokenizer.dispose();
    expect(idsOf(await running)).toEqual(officialIds);
    await disposed;
    await expect(tokenizer.encode(image, { pipeline })).rejects.toMatchObject({ code: 'disposed' });
    expect(idsOf(await other.encode(image, { pipeline }))).toEqual(officialIds);
    await other.dispose();
  });

  it('runs beside another model, each with its own results', async () => {
    const [one, two] = await Promise.all([
      load(),
      tinyVae.system.fromPretrained(vae.path('weights.safetensors'), { engine, config: tinyVae.official }),
    ]);
    const picture = await vae.image('input.image');
    const alone = await two.encode(picture, { pipeline });
    const [ids, means] = await Promise.all([
      one.encodeBatch([image, image], { pipeline }),
      two.encodeBatch([picture, picture], { pipeline }),
    ]);
    expect(ids.map(idsOf)).toEqual([officialIds, officialIds]);
    expect(means.map(idsOf)).toEqual([idsOf(alone), idsOf(alone)]);
    await Promise.all([one.dispose(), two.dispose()]);
  });

  it('stops at every point where it asks', async () => {
    const tokenizer = await load();
    const aborts = await abortEverywhere(
      async (signal) => tokenizer.decode(await tokenizer.encode(image, { pipeline, signal }), { signal }),
      () => undefined,
    );
    expect(aborts).toBeGreaterThanOrEqual(5);
    expect(idsOf(await tokenizer.encode(image, { pipeline }))).toEqual(officialIds);
    await tokenizer.dispose();
  });

  it('gives latents before the quantizer and the codes of ids', async () => {
    const tokenizer = await load();
    const latents = await tokenizer.latents(image, { pipeline });
    const z = await vq.tensor('output.z');
    expect(latents.shape).toEqual([7, 16]);
    expectClose(
      latents.data,
      Float32Array.from(latents.data, (_, i) => z.data[(i % 16) * 7 + Math.floor(i / 16)]!),
      1e-4,
    );
    const codes = await tokenizer.codes(await tokenizer.encode(image, { pipeline }));
    const zq = await vq.tensor('output.zq');
    expectClose(
      codes.data,
      Float32Array.from(codes.data, (_, i) => zq.data[(i % 16) * 7 + Math.floor(i / 16)]!),
      1e-5,
    );
    await tokenizer.dispose();
  });
});

describe('a codebook', () => {
  useLeakGuard();
  const load = () =>
    tinyVq.system.fromPretrained(vq.path('pytorch_model.bin'), { engine: 'cpu', config: tinyVq.official });

  it('says what it is', async () => {
    const tokenizer = await load();
    const { info } = tokenizer;
    expect(info).toMatchObject({
      modality: 'image',
      kind: 'index',
      bitsPerToken: Math.log2(300),
      prefixUnit: 'none',
      deterministic: true,
      levels: [{ vocabularySize: 300, shape: [7], axes: ['token'] }],
      signal: { size: 32 },
      capabilities: ['decode', 'latents', 'codes'],
      license: { name: 'MIT' },
      files: [{ name: 'pytorch_model.bin', bytes: 435_752 }],
      fresh: [],
    });
    const tokens = await tokenizer.encode(image, { pipeline, margins: true });
    expect(tokens.levels[0]!.margins!.every((margin) => margin > 0)).toBe(true);
    expect(tokens.source).toMatchObject({ modality: 'image', width: 32, height: 32, pipeline });
    expect(tokens.payloadBits).toBe(63);
    await tokenizer.dispose();
  });

  it('refuses pictures that are not what the model takes', async () => {
    const tokenizer = await load();
    const small = { ...image, width: 16, height: 64 };
    await expect(tokenizer.encode(small, { pipeline })).rejects.toMatchObject({
      name: 'InputError',
      code: 'unsupported-size',
      message: expect.stringContaining('32 x 32'),
    });
    const holed = { ...image, data: (image.data as Float32Array).with(100, Number.NaN) };
    await expect(tokenizer.encode(holed, { pipeline })).rejects.toMatchObject({ code: 'not-finite' });
    const tensor = tf.tensor3d(holed.data, [32, 32, 3]);
    await expect(tokenizer.encode(tensor, { pipeline })).rejects.toMatchObject({ code: 'not-finite' });
    expect(tensor.isDisposed).toBe(false);
    tensor.dispose();
    await expect(tokenizer.encode(new Float32Array(9) as never)).rejects.toMatchObject({ name: 'InputError' });
    await expect(tokenizer.encode(image, { pipeline: 'pil' })).rejects.toMatchObject({ name: 'InputError' });
    await expect(tokenizer.encode(image, { sample: { seed: 1 } })).rejects.toMatchObject({ name: 'UnsupportedError' });
    await expect(tokenizer.encode(image, { pipeline, prefix: 3 })).rejects.toMatchObject({ code: 'prefix' });
    await tokenizer.dispose();
  });

  it('says what was cut off and scaled (F024)', async () => {
    const tokenizer = await load();
    const data = new Uint8Array(640 * 360 * 3).fill(50);
    const wide: ImageSignal = { modality: 'image', width: 640, height: 360, channels: 3, data };
    const { source } = await tokenizer.encode(wide);
    expect(source).toMatchObject({ width: 640, height: 360, extra: { fit: 'crop', pad: [0, 0, 0, 0] } });
    const { crop, scale } = source.extra as unknown as { readonly crop: number[]; readonly scale: number[] };
    // 640 x 360 becomes 56 x 32 (torchvision cuts 56.9 off), of which the middle 32 columns are kept.
    expectClose(scale, [56 / 640, 32 / 360], 1e-6);
    expectClose(crop, [(12 * 640) / 56, 0, (44 * 640) / 56, 360], 0.01);
    expect(Tokens.fromBytes((await tokenizer.encode(wide)).toBytes()).source).toEqual(source);
    await tokenizer.dispose();
  });

  it('takes any shape of picture, grey, with alpha, and tensors', async () => {
    const tokenizer = await load();
    for (const [width, height] of [
      [1, 1],
      [20_000, 1],
      [1, 300],
      [31, 33],
    ] as const) {
      const data = Uint8Array.from({ length: width * height * 3 }, (_, index) => (index * 37) % 256);
      const tokens = await tokenizer.encode({ modality: 'image', width, height, channels: 3, data });
      expect(tokens.source).toMatchObject({ width, height, pipeline: 'pil-bicubic-32' });
      expect(await tokenizer.decode(tokens)).toMatchObject({ width: 32, height: 32, channels: 3 });
    }
    const grey = Uint8Array.from({ length: 1024 }, (_, index) => (index * 7) % 256);
    const spread = (channels: 3 | 4): ImageSignal => ({
      modality: 'image',
      width: 32,
      height: 32,
      channels,
      data: Uint8Array.from({ length: 1024 * channels }, (_, i) =>
        i % channels === 3 ? i % 251 : grey[Math.floor(i / channels)]!,
      ),
    });
    const one = await tokenizer.encode({ modality: 'image', width: 32, height: 32, channels: 1, data: grey });
    const rgb = await tokenizer.encode(spread(3));
    const rgba = await tokenizer.encode(spread(4));
    const tensor = tf.tensor3d(Int32Array.from(spread(3).data), [32, 32, 3], 'int32');
    const fromTensor = await tokenizer.encode(tensor);
    tensor.dispose();
    for (const tokens of [one, rgba, fromTensor]) expect(idsOf(tokens)).toEqual(idsOf(rgb));
    expect(JSON.stringify(rgba.source.extra)).toContain('"alpha":"dropped"');
    await tokenizer.dispose();
  });

  it('decodes tokens of other weights only when told to', async () => {
    const changed = await weightTensors(vq.path('pytorch_model.bin'));
    changed['decoder.mask_token']!.data[0]! += 1;
    const bytes = weightFileForms(changed)['model.safetensors'];
    const [ours, theirs] = await Promise.all([
      load(),
      tinyVq.system.fromPretrained(bytes, { engine: 'cpu', config: tinyVq.official }),
    ]);
    const tokens = Tokens.fromBytes((await theirs.encode(image, { pipeline })).toBytes());
    await expect(ours.decode(tokens)).rejects.toMatchObject({ name: 'TokensError', code: 'fingerprint-mismatch' });
    await ours.decode(tokens, { allowMismatch: true });
    await Promise.all([ours.dispose(), theirs.dispose()]);
  });

  it('stops at every point where it asks, and leaves nothing behind (F114)', async () => {
    const before = tf.engine().state.numTensors;
    const config = { engine: 'cpu', config: tinyVq.official } as const;
    const loads = await abortEverywhere(
      async (signal) =>
        (await tinyVq.system.fromPretrained(vq.path('pytorch_model.bin'), { ...config, signal })).dispose(),
      () => expect(tf.engine().state.numTensors).toBe(before),
    );
    expect(loads).toBeGreaterThanOrEqual(10);
    const runs = await abortEverywhere(
      async (signal) => {
        const tokenizer = await load();
        try {
          await tokenizer.decode(await tokenizer.encode(image, { pipeline, signal }), { signal });
        } finally {
          await tokenizer.dispose();
        }
      },
      () => expect(tf.engine().state.numTensors).toBe(before),
    );
    expect(runs).toBeGreaterThanOrEqual(10);
    const tokenizer = await load();
    expect(idsOf(await tokenizer.encode(image, { pipeline }))).toEqual(officialIds);
    await tokenizer.dispose();
  });
});

describe.each(engines)('a Gaussian on %s', (engine) => {
  useLeakGuard();
  const load = () =>
    tinyVae.system.fromPretrained(vae.path('weights.safetensors'), { engine, config: tinyVae.official });
  const byToken = (data: ArrayLike<number>) =>
    Float32Array.from({ length: 64 }, (_, i) => data[(i % 16) * 4 + Math.floor(i / 16)]!);

  it('gives the mean, or the draw that PyTorch makes of the same seed', async () => {
    const tokenizer = await load();
    const picture = await vae.image('input.image');
    const mean = await tokenizer.encode(picture, { pipeline });
    expect(mean.levels[0]).toMatchObject({ kind: 'float', shape: [4, 16], axes: ['token', 'feature'] });
    expectClose(mean.levels[0]!.data, byToken((await vae.tensor('output.mean')).data), 1e-4);
    const expected = byToken((await vae.tensor('output.sample')).data);
    const noise = (await vae.tensor('input.noise')).data as Float32Array;
    for (const sample of [{ seed: 16 }, { random: torchRandom(16) }, { noise }]) {
      const drawn = (await tokenizer.encode(picture, { pipeline, sample })).levels[0]!.data;
      // One channel has the largest deviation that the clamp leaves: e^10.
      drawn.forEach((value, i) =>
        expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-4 + 1e-5 * Math.abs(expected[i]!)),
      );
    }
    const free = await tokenizer.encode(picture, { pipeline, sample: {} });
    expect(Array.from(free.levels[0]!.data)).not.toEqual(Array.from(expected));
    await expect(tokenizer.encode(picture, { pipeline, sample: { noise: new Float32Array(3) } })).rejects.toMatchObject(
      { name: 'InputError' },
    );
    await tokenizer.dispose();
  });

  it('decodes float tokens that came through a file', async () => {
    const tokenizer = await load();
    const tokens = await tokenizer.encode(await vae.image('input.image'), { pipeline });
    expect(tokenizer.info).toMatchObject({
      kind: 'float',
      bitsPerToken: 512,
      capabilities: ['decode', 'latents', 'codes'],
    });
    const decoded = await tokenizer.decode(Tokens.fromBytes(tokens.toBytes()));
    const expected = truncatedPixels(await vae.tensor('output.recon_mode'));
    expect(difference(decoded, { ...decoded, data: expected })).toBeLessThanOrEqual(1);
    const codes = await tokenizer.codes(tokens);
    expect(codes).toEqual({ shape: [4, 16], data: tokens.levels[0]!.data });
    await tokenizer.dispose();
  });
});

describe('a stage-1 model', () => {
  useLeakGuard();

  it('encodes, and says why it cannot decode', async () => {
    const size = { width: 8, layers: 1, heads: 2, patchSize: 8 };
    const tokenizer = await titok.fromConfig(
      {
        imageSize: 16,
        encoder: size,
        decoder: size,
        latentTokens: 3,
        tokenSize: 4,
        codebookSize: 16,
        useL2Norm: true,
        quantizeMode: 'vq',
        legacy: true,
      },
      { engine: 'cpu' },
    );
    const data = new Uint8Array(16 * 16 * 3).fill(90);
    const tokens = await tokenizer.encode(
      { modality: 'image', width: 16, height: 16, channels: 3, data },
      { pipeline },
    );
    expect(idsOf(tokens)).toHaveLength(3);
    await expect(tokenizer.decode(tokens)).rejects.toMatchObject({
      name: 'UnsupportedError',
      message: expect.stringContaining('stage-1 checkpoint'),
    });
    await tokenizer.dispose();
  });
});
