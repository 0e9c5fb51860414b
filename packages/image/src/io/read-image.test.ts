import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { TesseraeError } from '@tesserae/core/data';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildPng, exifBlock } from '../../test/png-builder';
import type { LoadedImage } from './loaded-image';
import { type ImageSource, readImage } from './read-image';

const red: readonly number[] = [200, 30, 40];
const blue: readonly number[] = [10, 20, 210];

/** Left red, right blue; JPEG and AVIF keep flat blocks of 16 within a few levels. */
function picture(width = 32, height = 16): Sharp {
  const data = Buffer.alloc(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    data.set(i % width < width / 2 ? red : blue, i * 3);
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

const png = (fields: { readonly orientation?: number } = {}) =>
  buildPng({
    width: 2,
    height: 1,
    depth: 8,
    colorType: 2,
    samples: [...red, ...blue],
    ...(fields.orientation ? { exif: exifBlock(fields.orientation) } : {}),
  });

/** Little-endian TIFF, one uncompressed strip of 2 x 1 pixels, 16 bits a sample. */
function wideTiff(channels: 1 | 3, values: readonly number[]): Uint8Array {
  const entries: readonly (readonly [tag: number, type: 3 | 4, value: number])[] = [
    [256, 3, 2],
    [257, 3, 1],
    [258, 3, 16],
    [259, 3, 1],
    [262, 3, channels === 1 ? 1 : 2],
    [273, 4, 8],
    [277, 3, channels],
    [278, 3, 1],
    [279, 4, values.length * 2],
  ];
  const directory = 8 + values.length * 2;
  const depths = directory + 2 + entries.length * 12 + 4;
  const out = new Uint8Array(depths + 6);
  const view = new DataView(out.buffer);
  out.set([0x49, 0x49, 42, 0]);
  view.setUint32(4, directory, true);
  values.forEach((value, i) => view.setUint16(8 + i * 2, value, true));
  view.setUint16(directory, entries.length, true);
  entries.forEach(([tag, type, value], i) => {
    const at = directory + 2 + i * 12;
    const list = tag === 258 && channels === 3;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, list ? 3 : 1, true);
    view.setUint32(at + 8, list ? depths : value, true);
  });
  [0, 1, 2].forEach((i) => view.setUint16(depths + i * 2, 16, true));
  return out;
}

const rgbJpeg =
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wAARCAAQABADASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAABQT/xAAZEAACAwEAAAAAAAAAAAAAAAAABAMhMWH/xAAVAQEBAAAAAAAAAAAAAAAAAAACBP/EABgRAAMBAQAAAAAAAAAAAAAAAAACBBES/9oADAMBAAIRAxEAPwACBPgjAlwvXTyhNdLKI1bsUdmH/9k=';
const cmykJpeg =
  '/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwANCQoLCggNCwoLDg4NDxMgFRMSEhMnHB4XIC4pMTAuKS0sMzpKPjM2RjcsLUBXQUZMTlJTUjI+WmFaUGBKUVJP/8AAFAgACAAIBEMRAE0RAFkRAEsRAP/EABcAAAMBAAAAAAAAAAAAAAAAAAEEBQb/xAAcEAACAAcAAAAAAAAAAAAAAAAAAwYWQ2FjgaH/2gAOBEMATQBZAEsAAD8ARgKnosTdk6A37n3P/9k=';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(joinPath(tmpdir(), 'tesserae-read-'));
});
afterAll(() => rm(folder, { recursive: true }));

const failure = (input: unknown, options = {}) =>
  readImage(input as ImageSource, options).then(
    () => undefined,
    (error: unknown) => error,
  );

describe('readImage', () => {
  it('tells formats by content, not by name', async () => {
    for (const format of ['png', 'jpeg', 'webp', 'gif', 'tiff', 'avif'] as const) {
      const path = joinPath(folder, `${format}.txt`);
      await writeFile(path, await picture().toFormat(format).toBuffer());
      const image = await readImage(path);
      expect([image.format, image.width, image.height, image.orientation]).toEqual([format, 32, 16, 1]);
      const at = (x: number) => [
        ...image.data.subarray((8 * 32 + x) * image.channels, (8 * 32 + x) * image.channels + 3),
      ];
      const distance = (a: readonly number[], b: readonly number[]) =>
        Math.max(...a.map((v, i) => Math.abs(v - b[i]!)));
      expect(distance(at(4), red)).toBeLessThan(12);
      expect(distance(at(28), blue)).toBeLessThan(12);
    }
  });

  it('takes paths, file URLs, data URLs, buffers, views and Blobs', async () => {
    const bytes = png();
    const path = joinPath(folder, 'a b#.png');
    await writeFile(path, bytes);
    const shifted = new Uint8Array([1, 2, 3, ...bytes]).subarray(3);
    const data = `data:image/png;base64,${Buffer.from(bytes).toString('base64')}`;
    const inputs = [path, pathToFileURL(path), pathToFileURL(path).href, bytes, Buffer.from(bytes), shifted, data];
    for (const input of [...inputs, new Blob([new Uint8Array(bytes)])]) {
      expect([...(await readImage(input)).data]).toEqual([...red, ...blue]);
    }
  });

  // Files and values made with Pillow 12.3: `Image.open(file).convert('RGB')`.
  it('decodes JPEG to the bytes of Pillow: subsampled color, and CMYK without a profile', async () => {
    const rgb = await readImage(Buffer.from(rgbJpeg, 'base64'));
    const pixel = (image: LoadedImage, x: number, y: number) => {
      const at = (y * image.width + x) * image.channels;
      return [...image.data.subarray(at, at + 3)];
    };
    const sum = ({ data }: LoadedImage) => Array.from(data).reduce((total, value) => total + value, 0);
    expect([pixel(rgb, 0, 0), pixel(rgb, 15, 0), pixel(rgb, 7, 8), pixel(rgb, 15, 15), sum(rgb)]).toEqual([
      [0, 5, 0],
      [224, 9, 14],
      [113, 133, 61],
      [236, 242, 214],
      76419,
    ]);
    const cmyk = await readImage(Buffer.from(cmykJpeg, 'base64'));
    expect([pixel(cmyk, 0, 0), pixel(cmyk, 7, 0), pixel(cmyk, 3, 4), pixel(cmyk, 7, 7), sum(cmyk)]).toEqual([
      [0, 253, 125],
      [194, 235, 116],
      [79, 139, 114],
      [171, 64, 102],
      23049,
    ]);
  });

  it('decodes CMYK JPEG of sharp to three channels', async () => {
    const file = await picture().toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer();
    expect((await sharp(file).metadata()).space).toBe('cmyk');
    const image = await readImage(file);
    expect([image.channels, image.data.length]).toEqual([3, 32 * 16 * 3]);
    expect(image.data[0]! - image.data[2]!).toBeGreaterThan(100);
  });

  it('ignores color profiles', async () => {
    const plain = await readImage(await picture().jpeg().toBuffer());
    const profiled = await readImage(await picture().withIccProfile('p3', { attach: true }).jpeg().toBuffer());
    const stripped = await sharp(await picture().withIccProfile('p3').jpeg().toBuffer(), { ignoreIcc: true })
      .raw()
      .toBuffer();
    expect(profiled.data).toEqual(new Uint8Array(stripped));
    expect(profiled.data).not.toEqual(plain.data);
  });

  it('saturates 16-bit grey TIFF and cuts 16-bit color', async () => {
    const grey = await readImage(wideTiff(1, [100, 1000]));
    expect([grey.channels, ...grey.data]).toEqual([1, 100, 255]);
    expect(grey.warnings.join()).toContain('16-bit grey');
    const color = await readImage(wideTiff(3, [256, 512, 65535, 255, 0, 1]));
    expect([color.channels, ...color.data]).toEqual([3, 1, 2, 255, 0, 0, 0]);
  });

  it('keeps alpha', async () => {
    const rgba = sharp(Buffer.from([1, 2, 3, 128]), { raw: { width: 1, height: 1, channels: 4 } });
    const image = await readImage(await rgba.webp({ lossless: true, exact: true }).toBuffer());
    expect([image.channels, ...image.data]).toEqual([4, 1, 2, 3, 128]);
  });
});

describe('readImage and orientation', () => {
  const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
    <rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/></rdf:RDF></x:xmpmeta>`;

  it('F028: stored twice, in EXIF and XMP: not applied, or applied once', async () => {
    const file = await picture(2, 1).withMetadata({ orientation: 6 }).withXmp(xmp).jpeg().toBuffer();
    expect(file.includes('tiff:Orientation')).toBe(true);
    const plain = await readImage(file);
    expect([plain.width, plain.height, plain.orientation, plain.rotated]).toEqual([2, 1, 6, undefined]);
    const upright = await readImage(file, { orient: 'exif' });
    expect([upright.width, upright.height, upright.rotated]).toEqual([1, 2, 6]);
  });

  it('F029: PNG, WebP, AVIF and TIFF follow the same rule', async () => {
    const files = {
      png: png({ orientation: 6 }),
      webp: await picture(32, 16).withMetadata({ orientation: 6 }).webp().toBuffer(),
      avif: await picture(32, 16).withMetadata({ orientation: 6 }).avif().toBuffer(),
      tiff: await picture(32, 16).withMetadata({ orientation: 6 }).tiff({ compression: 'none' }).toBuffer(),
    };
    for (const file of Object.values(files)) {
      const plain = await readImage(file);
      expect([plain.width / plain.height, plain.orientation]).toEqual([2, 6]);
      const upright = await readImage(file, { orient: 'exif' });
      expect([upright.height / upright.width, upright.rotated]).toEqual([2, 6]);
      // Orientation 6: the left side of the stored picture is on top.
      expect(upright.data[0]! - upright.data.at(-3)!).toBeGreaterThan(100);
    }
    expect([...(await readImage(files.png, { orient: 'exif' })).data]).toEqual([...red, ...blue]);
  });
});

describe('readImage with hostile input', () => {
  it('names what is no picture', async () => {
    const cases: readonly (readonly [unknown, string])[] = [
      [new Uint8Array(), 'undecodable'],
      [new TextEncoder().encode('hello, I am a text'), 'undecodable'],
      [new Uint8Array(100), 'undecodable'],
      [new Blob([]), 'undecodable'],
      [joinPath(folder, 'missing.png'), 'unreadable'],
      [folder, 'unreadable'],
      ['data:image/png;base64,%%%', 'unreadable'],
      ['', 'invalid-argument'],
      ['two\nlines', 'invalid-argument'],
      [null, 'invalid-argument'],
      [undefined, 'invalid-argument'],
      [7, 'invalid-argument'],
      [[1, 2, 3], 'invalid-argument'],
      [new Float32Array(12), 'invalid-argument'],
      [{ width: 2, height: 2 }, 'invalid-argument'],
      [new ArrayBuffer(8), 'invalid-argument'],
    ];
    for (const [input, code] of cases) {
      expect(await failure(input)).toMatchObject({ name: 'InputError', code });
    }
    expect(await failure(new TextEncoder().encode('BM, a bitmap of old'))).toMatchObject({ name: 'UnsupportedError' });
  });

  it('refuses files cut in the middle, in every format', async () => {
    for (const format of ['png', 'jpeg', 'webp', 'gif', 'tiff', 'avif'] as const) {
      const whole = await picture(64, 64).toFormat(format).toBuffer();
      for (const part of [0.2, 0.5, 0.9]) {
        const cut = whole.subarray(0, Math.floor(whole.length * part));
        expect(await failure(cut)).toMatchObject({ name: 'InputError', code: 'undecodable' });
      }
    }
  });

  it('fails with typed errors only, whatever bytes are changed', async () => {
    let state = 3;
    for (const format of ['jpeg', 'webp', 'gif', 'tiff', 'avif'] as const) {
      const whole = await picture(24, 24).toFormat(format).toBuffer();
      for (let round = 0; round < 25; round++) {
        const bytes = new Uint8Array(whole);
        for (let i = 0; i < 4; i++) {
          state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
          bytes[state % bytes.length] = state >> 9;
        }
        const error = await failure(bytes);
        expect(error === undefined || TesseraeError.isInstance(error)).toBe(true);
      }
    }
  });

  it('reads from a server and names its refusals', async () => {
    const server = createServer(({ url }, response) => {
      response.writeHead(url === '/a.png' ? 200 : 404).end(png());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      expect((await readImage(new URL(`${base}/a.png`))).width).toBe(2);
      expect(await failure(`${base}/b.png`)).toMatchObject({ code: 'unreadable', message: /404/ });
    } finally {
      server.close();
    }
    expect(await failure(`${base}/a.png`)).toMatchObject({ code: 'unreadable' });
  });

  it('checks the size before decoding', async () => {
    for (const format of ['png', 'jpeg', 'webp', 'gif', 'tiff', 'avif'] as const) {
      const file = await picture(64, 64).toFormat(format).toBuffer();
      expect(await failure(file, { maxPixels: 4095 })).toMatchObject({ code: 'too-large' });
      expect(await failure(file, { maxPixels: 4096 })).toBeUndefined();
    }
    const huge = sharp({ create: { width: 15000, height: 7000, channels: 3, background: 'black' } });
    expect(await failure(await huge.png().toBuffer())).toMatchObject({ code: 'too-large' });
    expect(await failure(png(), { maxPixels: Number.NaN })).toMatchObject({ argument: 'maxPixels' });
    expect(await failure(png(), { orient: 'yes' })).toMatchObject({ argument: 'orient' });
  });

  it('reads 1 x 1 and 20000 x 1', async () => {
    for (const format of ['png', 'tiff', 'gif'] as const) {
      expect((await readImage(await picture(1, 1).toFormat(format).toBuffer())).width).toBe(1);
      expect((await readImage(await picture(20000, 1).toFormat(format).toBuffer())).width).toBe(20000);
    }
  });

  it('stops when aborted', async () => {
    const reason = new Error('enough');
    await expect(readImage(png(), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const path = joinPath(folder, 'abort.png');
    await writeFile(path, png());
    const controller = new AbortController();
    const pending = readImage(path, { signal: controller.signal });
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
  });

  it('says what to install when sharp is missing', async () => {
    const jpeg = await picture().jpeg().toBuffer();
    vi.doMock('sharp', () => {
      throw new Error('Cannot find package');
    });
    try {
      expect(await failure(jpeg)).toMatchObject({ name: 'UnsupportedError', message: /npm install sharp/ });
      expect(await failure(png())).toBeUndefined();
    } finally {
      vi.doUnmock('sharp');
    }
  });
});

describe('readImage with pixels', () => {
  const signal = { modality: 'image', width: 2, height: 1, channels: 1, data: Uint8Array.of(1, 2) } as const;

  it('passes signals on without copying', async () => {
    const image = await readImage(signal);
    expect(image.data).toBe(signal.data);
    expect(image.format).toBe('pixels');
  });

  it('takes what a canvas gives', async () => {
    const image = await readImage({ width: 1, height: 1, data: Uint8ClampedArray.of(1, 2, 3, 4) });
    expect([image.channels, ...image.data]).toEqual([4, 1, 2, 3, 4]);
  });

  it('names the field that is wrong', async () => {
    const wrong: readonly (readonly [object, RegExp])[] = [
      [{ width: 3 }, /data/],
      [{ width: 0 }, /width, height/],
      [{ width: 1.5 }, /width, height/],
      [{ channels: 2 }, /channels/],
      [{ data: [1, 2] }, /data/],
      [{ data: Float32Array.of(0, 200) }, /floats from 0 to 200/],
      [{ data: Float32Array.of(-1, 1) }, /floats from -1 to 1/],
    ];
    for (const [fields, text] of wrong) {
      expect(await failure({ ...signal, ...fields })).toMatchObject({ name: 'InputError', message: text });
    }
    for (const value of [Number.NaN, Infinity, -Infinity]) {
      const data = Float32Array.of(0, value);
      expect(await failure({ ...signal, data })).toMatchObject({ code: 'not-finite' });
    }
  });
});

describe('readImage with tensors', () => {
  it('reads int32 and float32 and leaves them to their owner', async () => {
    await tf.setBackend('cpu');
    const before = tf.memory().numTensors;
    const bytes = tf.tensor3d([1, 2, 3, 4, 5, 6], [1, 2, 3], 'int32');
    const floats = tf.tensor3d([0, 0.5, 1], [1, 3, 1]);
    expect([...(await readImage(bytes)).data]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...(await readImage(floats)).data]).toEqual([0, 0.5, 1]);
    expect([bytes.isDisposed, floats.isDisposed, tf.memory().numTensors]).toEqual([false, false, before + 2]);
    tf.dispose([bytes, floats]);
    expect(await failure(bytes)).toMatchObject({ name: 'InputError', message: /disposed/ });
  });

  it('refuses other ranks, types and ranges', async () => {
    await tf.setBackend('cpu');
    const cases: readonly (readonly [tf.Tensor, string])[] = [
      [tf.zeros([2, 2]), 'ShapeError'],
      [tf.zeros([1, 2, 2, 3]), 'ShapeError'],
      [tf.zeros([2, 2, 2]), 'ShapeError'],
      [tf.zeros([2, 2, 3], 'bool'), 'InputError'],
      [tf.fill([2, 2, 3], 256, 'int32'), 'InputError'],
      [tf.fill([2, 2, 3], 128), 'InputError'],
      [tf.fill([2, 2, 3], Number.NaN), 'InputError'],
      [tf.zeros([0, 2, 3]), 'InputError'],
    ];
    for (const [tensor, name] of cases) {
      expect(await failure(tensor)).toMatchObject({ name });
      tensor.dispose();
    }
  });
});
