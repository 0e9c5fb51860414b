import { Tokens, type ImageSignal } from '@tesserae/core';
import { useLeakGuard } from '@tesserae/core/test';
import { describe, expect, it } from 'vitest';
import { onnxAvailable } from '../../../core/test/onnx-available';
import { weightFileForms } from '../../../core/test/weight-file-forms';
import { caseFiles, difference, truncatedPixels, weightTensors } from '../../test/case-files';
import { tinyTitok } from '../../test/tiny-titok';
import { titokTokenizer } from '../titok/tokenizer';
import { progressiveDecoder } from '../tokenizer/image-tokenizer';
import { oneDPiece } from './one-d-piece';

const engines = ['cpu', 'wasm', ...(onnxAvailable ? (['onnx'] as const) : [])] as const;
const files = await caseFiles('one-d-piece/prefix-n16');
const image = await files.image('input.image');
const tiny = tinyTitok('image/one-d-piece', files.config, (model) => {
  const tokenizer = titokTokenizer(model, 'token');
  return { ...tokenizer, decodeProgressive: progressiveDecoder(tokenizer) };
});
const pipeline = 'none';

describe.each(engines)('One-D-Piece on %s', (engine) => {
  useLeakGuard();
  const load = () => tiny.system.fromPretrained(files.path('pytorch_model.bin'), { engine, config: tiny.official });

  it('decodes every prefix as the official code does, and as sliced tokens decode', async () => {
    const tokenizer = await load();
    const tokens = await tokenizer.encode(image, { pipeline });
    expect(Array.from(tokens.levels[0]!.data)).toEqual(await files.ids('output.ids'));
    const seen: ImageSignal[] = [];
    for (const length of [1, 2, 5, 15, 16]) {
      const decoded = await tokenizer.decode(tokens, { prefix: length });
      const expected = truncatedPixels(await files.tensor(`output.recon_len${length}`));
      expect(difference(decoded, { ...decoded, data: expected })).toBeLessThanOrEqual(1);
      const sliced = Tokens.fromBytes(tokens.prefix(length).toBytes());
      expect(sliced.length).toBe(length);
      expect(await tokenizer.decode(sliced)).toEqual(decoded);
      const encoded = await tokenizer.encode(image, { pipeline, prefix: length });
      expect(encoded.levels[0]!.data).toEqual(tokens.levels[0]!.data.slice(0, length));
      seen.push(decoded);
    }
    expect(await tokenizer.decode(tokens)).toEqual(seen.at(-1));
    for (const [index, shorter] of seen.slice(0, -1).entries())
      expect(difference(shorter, seen[index + 1]!)).toBeGreaterThan(0);
    await tokenizer.dispose();
  });

  it('shows previews coarse to fine', async () => {
    const tokenizer = await load();
    const tokens = await tokenizer.encode(image, { pipeline });
    const previews: { readonly prefix: number; readonly signal: ImageSignal }[] = [];
    for await (const preview of tokenizer.decodeProgressive(tokens, { prefixes: [1, 4, 16] })) previews.push(preview);
    expect(previews.map(({ prefix }) => prefix)).toEqual([1, 4, 16]);
    for (const { prefix, signal } of previews) expect(signal).toEqual(await tokenizer.decode(tokens, { prefix }));
    await tokenizer.dispose();
  });
});

describe('One-D-Piece', () => {
  useLeakGuard();
  const load = () =>
    tiny.system.fromPretrained(files.path('pytorch_model.bin'), { engine: 'cpu', config: tiny.official });

  it('says what it is, and costs the bits of its prefix', async () => {
    const tokenizer = await load();
    expect(tokenizer.info).toMatchObject({
      prefixUnit: 'token',
      bitsPerToken: 9,
      levels: [{ vocabularySize: 512, shape: [16], axes: ['token'] }],
      capabilities: ['decode', 'latents', 'codes', 'decodeProgressive'],
    });
    const tokens = await tokenizer.encode(image, { pipeline });
    const bytes = [1, 8, 16].map((count) => tokens.prefix(count).toBytes({ container: 'payload' }).length);
    expect(bytes).toEqual([2, 9, 18]);
    await tokenizer.dispose();
  });

  it('refuses prefixes that are none', async () => {
    const tokenizer = await load();
    const tokens = await tokenizer.encode(image, { pipeline });
    for (const prefix of [0, -1, 2.5]) {
      await expect(tokenizer.decode(tokens, { prefix })).rejects.toMatchObject({ name: 'InputError' });
      await expect(tokenizer.encode(image, { pipeline, prefix })).rejects.toMatchObject({ name: 'InputError' });
    }
    await expect(tokenizer.decode(tokens, { prefix: 17 })).rejects.toMatchObject({ name: 'TokensError' });
    await expect(tokenizer.encode(image, { pipeline, prefix: 17 })).rejects.toMatchObject({ name: 'TokensError' });
    await expect(tokenizer.decode(tokens.prefix(3), { prefix: 4 })).rejects.toMatchObject({ name: 'TokensError' });
    await tokenizer.dispose();
  });

  it('gives another picture where a prefix is padded instead: nothing may be', async () => {
    const tokenizer = await load();
    const tokens = await tokenizer.encode(image, { pipeline });
    const [level] = tokens.levels;
    if (level?.kind !== 'index') throw new Error('expected ids');
    const padded = new Tokens({
      tokenizer: tokens.tokenizer,
      source: tokens.source,
      prefixUnit: tokens.prefixUnit,
      levels: [{ ...level, data: level.data.map((id, index) => (index < 5 ? id : 0)) }],
    });
    const prefix = await tokenizer.decode(tokens, { prefix: 5 });
    expect(difference(await tokenizer.decode(padded), prefix)).toBeGreaterThan(2);
    const official = truncatedPixels(await files.tensor('output.negative_zero_padded_len5'));
    expect(difference({ ...prefix, data: official }, prefix)).toBeGreaterThan(2);
    await tokenizer.dispose();
  });

  it('refuses ids at no place', async () => {
    const tokenizer = await load();
    const tokens = await tokenizer.encode(image, { pipeline });
    const level = tokens.levels[0]!;
    const holed = new Tokens({
      tokenizer: tokens.tokenizer,
      source: tokens.source,
      prefixUnit: 'token',
      levels: [{ ...level, data: (level.data as Int32Array).with(3, -1) } as typeof level],
    });
    await expect(tokenizer.decode(holed)).rejects.toMatchObject({ code: 'invalid-tokens' });
    await tokenizer.dispose();
  });

  it('loads from every form of the weights to the same ids and fingerprint', async () => {
    const forms = weightFileForms(await weightTensors(files.path('pytorch_model.bin')), 'model');
    const results = new Set<string>();
    for (const bytes of Object.values(forms)) {
      const tokenizer = await tiny.system.fromPretrained(bytes, { engine: 'cpu', config: tiny.official });
      const tokens = await tokenizer.encode(image, { pipeline });
      results.add(JSON.stringify([tokens.tokenizer.fingerprint, Array.from(tokens.levels[0]!.data)]));
      await tokenizer.dispose();
    }
    expect(results.size).toBe(1);
  });

  it('offers the three published sizes', () => {
    expect(Object.keys(oneDPiece.presets)).toEqual(['one-d-piece-l256', 'one-d-piece-b256', 'one-d-piece-s256']);
    for (const { config } of Object.values(oneDPiece.presets))
      expect(config).toMatchObject({ latentTokens: 256, codebookSize: 4096, tokenSize: 12, legacy: true });
  });
});
