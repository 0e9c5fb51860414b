import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { Tokens } from '@tesserae/core';
import { conv2d, groupNorm, silu } from '@tesserae/core/nn';
import { expectClose, useLeakGuard } from '@tesserae/core/test';
import { describe, expect, it } from 'vitest';
import { onBackends, wave } from '../../../core/test/on-backends';
import { onnxAvailable } from '../../../core/test/onnx-available';
import { temporaryFiles } from '../../../core/test/temporary-files';
import { halfSafetensors, weightFileForms } from '../../../core/test/weight-file-forms';
import { abortEverywhere } from '../../test/abort-at';
import { caseFiles, difference, truncatedPixels, weightTensors } from '../../test/case-files';
import { imageTokenizers } from '../registry';
import { residualBlock } from './blocks';
import { maskgitVqgan } from './maskgit-vqgan';
import type { ResidualBlockParams } from './weights';

const engines = ['cpu', 'wasm', ...(onnxAvailable ? (['onnx'] as const) : [])] as const;
const files = temporaryFiles();
const hub = await caseFiles('maskgit-vqgan/hub-dir');
const image = await hub.image('in.x');
const officialIds = await hub.ids('out.ids');
const pipeline = 'none';
const idsOf = ({ levels }: Tokens) => Array.from(levels[0]!.data);

describe.each(engines)('MaskGIT-VQGAN on %s', (engine) => {
  useLeakGuard();

  it('gives the official ids and pixels from a folder with its configuration', async () => {
    const tokenizer = await maskgitVqgan.fromPretrained(hub.folder, { engine });
    const tokens = await tokenizer.encode(image, { pipeline });
    expect(idsOf(tokens)).toEqual(officialIds);
    expect(tokens.levels[0]).toMatchObject({ shape: [8, 8], axes: ['height', 'width'], vocabularySize: 60 });
    const decoded = await tokenizer.decode(Tokens.fromBytes(tokens.toBytes()));
    const expected = truncatedPixels(await hub.tensor('out.clamped'));
    expect(difference(decoded, { ...decoded, data: expected })).toBeLessThanOrEqual(1);
    expect((await tokenizer.encodeBatch([image, image], { pipeline })).map(idsOf)).toEqual([officialIds, officialIds]);
    await tokenizer.dispose();
  });

  it('takes any multiple of its step', async () => {
    const tokenizer = await maskgitVqgan.fromPretrained(hub.folder, { engine });
    const data = Uint8Array.from({ length: 6 * 10 * 3 }, (_, index) => (index * 29) % 256);
    const tokens = await tokenizer.encode({ modality: 'image', width: 10, height: 6, channels: 3, data }, { pipeline });
    expect(tokens.levels[0]!.shape).toEqual([3, 5]);
    expect(await tokenizer.decode(tokens)).toMatchObject({ width: 10, height: 6 });
    await tokenizer.dispose();
  });
});

describe('MaskGIT-VQGAN', () => {
  useLeakGuard();
  const load = () => maskgitVqgan.fromPretrained(hub.folder, { engine: 'cpu' });

  it('says what it is', async () => {
    const tokenizer = await load();
    expect(tokenizer.info).toMatchObject({
      kind: 'index',
      prefixUnit: 'none',
      signal: { multiple: 2 },
      levels: [{ vocabularySize: 60, shape: ['variable', 'variable'], axes: ['height', 'width'] }],
      files: [{ name: 'pytorch_model.bin', bytes: 1_521_891 }],
      license: { use: 'unknown' },
    });
    await tokenizer.dispose();
  });

  it('is recognised by its tensors and the configuration beside them', async () => {
    expect(await imageTokenizers.inspect(hub.folder)).toEqual({
      system: 'image/maskgit-vqgan',
      preset: null,
      problems: [],
    });
    const tokenizer = await imageTokenizers.fromPretrained(hub.folder, { engine: 'cpu' });
    expect(idsOf(await tokenizer.encode(image, { pipeline }))).toEqual(officialIds);
    await tokenizer.dispose();
  });

  it('gives the same ids and fingerprint from every form of the weights', async () => {
    const forms = weightFileForms(await weightTensors(hub.path('pytorch_model.bin')));
    const { args } = hub.config as unknown as { readonly args: never };
    const prints = new Set<string>();
    for (const [name, bytes] of Object.entries(forms)) {
      const path = await files.write(name, bytes);
      for (const source of [path, bytes, new Blob([bytes as Uint8Array<ArrayBuffer>])]) {
        const tokenizer = await maskgitVqgan.fromPretrained(source, { engine: 'cpu', config: args });
        expect(idsOf(await tokenizer.encode(image, { pipeline }))).toEqual(officialIds);
        prints.add(tokenizer.info.identity.fingerprint);
        await tokenizer.dispose();
      }
    }
    expect(prints.size).toBe(1);
  });

  it('takes half precision weights', async () => {
    const { halves, widened } = halfSafetensors(await weightTensors(hub.path('pytorch_model.bin')), 'F16');
    const { args } = hub.config as unknown as { readonly args: never };
    const results: string[] = [];
    for (const bytes of [halves, weightFileForms(widened)['model.safetensors']]) {
      const tokenizer = await maskgitVqgan.fromPretrained(bytes, { engine: 'cpu', config: args });
      results.push(
        JSON.stringify([tokenizer.info.identity.fingerprint, idsOf(await tokenizer.encode(image, { pipeline }))]),
      );
      await tokenizer.dispose();
    }
    expect(results[0]).toBe(results[1]);
  });

  it('refuses other sizes, other tokens and other weights', async () => {
    const tokenizer = await load();
    const odd = { ...image, width: 15, data: image.data.slice(0, 15 * 16 * 3) };
    await expect(tokenizer.encode(odd, { pipeline })).rejects.toMatchObject({
      code: 'unsupported-size',
      message: expect.stringContaining('multiples of 2'),
    });
    const tokens = await tokenizer.encode(image, { pipeline });
    await expect(tokenizer.decode(tokens, { prefix: 3 })).rejects.toMatchObject({ code: 'prefix' });
    await tokenizer.dispose();
    const folder = join(files.folder(), 'preset');
    await mkdir(folder);
    await writeFile(join(folder, 'maskgit-vqgan-imagenet-f16-256.bin'), await hub.bytes('pytorch_model.bin'));
    await expect(maskgitVqgan.fromPretrained('maskgit-vqgan-f16', { folder })).rejects.toMatchObject({
      name: 'CheckpointError',
      code: 'keys-mismatch',
      missing: expect.arrayContaining(['encoder.down.4.block.0.norm1.weight']),
    });
  });

  it('stops at every point where it asks, and leaves nothing behind', async () => {
    const before = tf.engine().state.numTensors;
    const aborts = await abortEverywhere(
      async (signal) => {
        const tokenizer = await maskgitVqgan.fromPretrained(hub.folder, { engine: 'cpu', signal });
        try {
          await tokenizer.decodeBatch(await tokenizer.encodeBatch([image], { pipeline, signal }), { signal });
        } finally {
          await tokenizer.dispose();
        }
      },
      () => expect(tf.engine().state.numTensors).toBe(before),
    );
    expect(aborts).toBeGreaterThanOrEqual(10);
  });
});

describe('the residual block', () => {
  const [from, to] = [64, 32];
  const kernel = (size: number, inputs: number, phase: number) =>
    tf.mul(tf.tensor4d(wave(size * size * inputs * to, phase), [size, size, inputs, to]), 0.1) as tf.Tensor4D;
  const norm = (channels: number) => ({
    scale: tf.tensor1d(wave(channels, 5)),
    offset: tf.tensor1d(wave(channels, 6)),
  });
  const block = (): ResidualBlockParams => ({
    norm1: norm(from),
    conv1: { kernel: kernel(3, from, 1) },
    norm2: norm(to),
    conv2: { kernel: kernel(3, to, 2) },
    shortcut: { kernel: kernel(1, to, 3) },
  });
  const branch = (x: tf.Tensor4D, { norm1, conv1, norm2, conv2 }: ResidualBlockParams) => {
    const first = conv2d(silu(groupNorm(x, norm1)) as tf.Tensor4D, conv1);
    return conv2d(silu(groupNorm(first, norm2)) as tf.Tensor4D, conv2);
  };
  const picture = () => tf.tensor4d(wave(4 * 4 * from, 9), [1, 4, 4, from]);

  onBackends(() => {
    it('adds the shortcut of its own output where the channels change', () => {
      const [actual, official, textbook] = tf.tidy(() => {
        const params = block();
        const x = picture();
        const h = branch(x, params);
        const shortcut = params.shortcut!;
        const narrow = tf.slice(x, [0, 0, 0, 0], [1, 4, 4, to]);
        return [residualBlock(x, params), tf.add(h, conv2d(h, shortcut)), tf.add(h, conv2d(narrow, shortcut))].map(
          (y) => Float32Array.from(y.dataSync()),
        );
      });
      expectClose(actual!, official!, 1e-5);
      // The textbook block takes the shortcut of what came in; with these weights that is another picture.
      const differences = actual!.map((value, index) => Math.abs(value - textbook![index]!));
      expect(Math.max(...differences)).toBeGreaterThan(0.1);
    });

    it('adds what came in where they do not', () => {
      const [actual, expected] = tf.tidy(() => {
        const same = {
          norm1: norm(to),
          conv1: { kernel: kernel(3, to, 1) },
          norm2: norm(to),
          conv2: { kernel: kernel(3, to, 2) },
        };
        const x = tf.tensor4d(wave(4 * 4 * to, 9), [1, 4, 4, to]);
        return [residualBlock(x, same), tf.add(x, branch(x, same))].map((y) => Float32Array.from(y.dataSync()));
      });
      expectClose(actual!, expected!, 1e-5);
    });
  });

  it('has a square shortcut in the published weights: a textbook one could not be loaded', async () => {
    const tensors = await weightTensors(hub.path('pytorch_model.bin'));
    const shortcuts = Object.entries(tensors).filter(([key]) => key.endsWith('nin_shortcut.weight'));
    expect(shortcuts.length).toBeGreaterThan(0);
    for (const [, { shape }] of shortcuts) expect(shape[0]).toBe(shape[1]);
  });
});
