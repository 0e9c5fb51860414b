import { readFile, cp, writeFile } from 'node:fs/promises';
import { readTokensFile } from '@tesserae/core';
import { encodeImage, readImage } from '@tesserae/image';
import { describe, expect, it } from 'vitest';
import { commandBox, finished, model } from './tesserae';

const box = commandBox();

const ramp = (width: number, height: number) =>
  encodeImage({
    modality: 'image',
    width,
    height,
    channels: 3,
    data: Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 7 + Math.floor(i / width)) % 256),
  });

describe('a picture there and back', () => {
  it('encodes, decodes, compares and inspects', async () => {
    const encoded = await box.run('encode', 'cat.png');
    expect(encoded).toMatchObject({ code: 0, stderr: '' });
    expect(encoded.stdout.toString()).toContain('cat.png -> cat.tok  1024 tokens, 1280 bytes of payload');
    const decoded = await box.run('decode', 'cat.tok', '-o', 'pictures/back.webp');
    expect(decoded.stdout.toString()).toContain('256 x 256');
    expect(await readImage(box.path('pictures/back.webp'))).toMatchObject({ format: 'webp', width: 256, height: 256 });
    const compared = await box.json<{ psnr: number }>('compare', 'cat.png', 'cat.tok');
    expect(compared).toMatchObject({ width: 256, height: 256, payloadBytes: 1280, bitsPerPixel: 0.1563 });
    expect(compared.psnr).toBeGreaterThan(20);
    expect(await box.json('inspect', 'cat.tok')).toMatchObject({
      kind: 'tokens',
      items: 1,
      tokenizer: { id: 'image/conv-fsq', variant: 'image-starter' },
      tokens: 1024,
      levels: [{ shape: [32, 32], vocabulary: 1000 }],
      source: { width: 256, height: 256, extra: { scale: [1, 1] } },
    });
    expect(await box.json('compare', 'cat.png', 'cat.png')).toMatchObject({ psnr: null, ssim: 1, msSsim: 1 });
    expect(await box.partial()).toEqual([]);
  });

  it('says on standard error what it did to transparency', async () => {
    await cp(new URL('../../../samples/image/ladybird-rgba.png', import.meta.url), box.path('ladybird.png'));
    const { code, stderr } = await box.run('encode', 'ladybird.png');
    expect([code, stderr.trim()]).toEqual([0, 'warning: ladybird.png: transparency was dropped']);
    expect(await box.run('encode', 'ladybird.png', '--quiet')).toMatchObject({ code: 0, stderr: '' });
  });

  it('reads standard input and writes standard output', async () => {
    await box.run('encode', 'cat.png');
    const encoding = box.start(['encode', '-']);
    encoding.stdin!.end(await readFile(box.path('cat.png')));
    const encoded = await finished(encoding);
    expect(encoded.stdout.equals(await readFile(box.path('cat.tok')))).toBe(true);
    const decoding = box.start(['decode', '-', '--quiet']);
    decoding.stdin!.end(encoded.stdout);
    const decoded = await finished(decoding);
    expect(decoded.stderr).toBe('');
    expect(await readImage(new Uint8Array(decoded.stdout))).toMatchObject({ format: 'png', width: 256 });
  });

  it('takes a model by path, reports what was scaled (F024), and decodes with the same', async () => {
    await writeFile(box.path('wide.png'), await ramp(640, 360));
    const given = ['--model', model, '--pipeline', 'pil-bicubic-64', '--out', 'tokens/wide.tok'] as const;
    const text = (await box.run('encode', 'wide.png', ...given)).stdout.toString();
    expect(text).toContain('cropped to 136,0 … 498,360 of 640 x 360, scaled by 0.177 x 0.178');
    const encoded = await box.json<{ files: readonly { source: unknown }[] }>('encode', 'wide.png', ...given);
    expect(encoded).toMatchObject({ model: { id: 'image/maskgit-vqgan', variant: 'custom' }, failed: 0 });
    expect(encoded.files[0]!.source).toMatchObject({ width: 640, height: 360, extra: { fit: 'crop' } });
    await box.fails(1, 'name them with --model', 'decode', 'tokens/wide.tok');
    expect(await box.json('compare', 'wide.png', 'tokens/wide.tok', '--model', model)).toMatchObject({ width: 64 });
    await box.run('encode', 'wide.png', ...given, '--fit', 'pad');
    expect(await box.json('inspect', 'tokens/wide.tok')).toMatchObject({ source: { extra: { fit: 'pad' } } });
  });

  it('says what a checkpoint is and which files it is made of (F026)', async () => {
    const facts = { kind: 'checkpoint', format: 'torch-zip', tensors: 52, system: 'image/maskgit-vqgan' };
    expect(await box.json('inspect', `${model}/pytorch_model.bin`)).toMatchObject({
      ...facts,
      dtypes: ['F32'],
      files: [{ sha256: 'ece6f2593bc1e007474fbef9e5b71a174159ee97d941fbce0bf301f4748ffc14' }],
    });
    expect(await box.json('inspect', model)).toMatchObject(facts);
  });

  it('says what a picture is', async () => {
    expect(await box.json('inspect', 'cat.png')).toMatchObject({
      kind: 'picture',
      format: 'png',
      width: 256,
      channels: 3,
      orientation: 1,
    });
  });

  it('puts several pictures into one file, and takes them out again', async () => {
    await cp(box.path('cat.png'), box.path('set-1.png'));
    await cp(box.path('cat.png'), box.path('set-2.png'));
    expect((await box.run('encode', 'set-*.png', '--many-in-one', '--out', 'all.tok')).code).toBe(0);
    expect(readTokensFile(await readFile(box.path('all.tok')))).toHaveLength(2);
    const { files } = await box.json<{ files: readonly { output: string }[] }>('decode', 'all.tok', '--out', 'set');
    expect(files.map(({ output }) => output.replaceAll('\\', '/'))).toEqual(['set/all-1.png', 'set/all-2.png']);
  });

  it('cuts a picture into tiles and puts them together', async () => {
    await writeFile(box.path('poster.png'), await ramp(150, 70));
    const given = ['--fit', 'tiles', '--tile', '60', '--overlap', '4', '--entropy', 'rans'] as const;
    expect((await box.run('encode', 'poster.png', ...given)).stdout.toString()).toContain('6 tiles');
    expect(await box.json('decode', 'poster.tok', '--out', 'poster-back.png')).toMatchObject({
      files: [{ width: 150, height: 70 }],
    });
    expect(await box.json('compare', 'poster.png', 'poster.tok')).toMatchObject({ width: 150, height: 70 });
  });
});
