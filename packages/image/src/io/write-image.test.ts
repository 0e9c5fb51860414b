import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ImageSignal } from '@tesserae/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readImage } from './read-image';
import { encodeImage, writeImage } from './write-image';

function image(channels: 1 | 3 | 4, width = 21, height = 13): ImageSignal {
  const data = Uint8Array.from({ length: width * height * channels }, (_, i) => (i * 5) % 256);
  return { modality: 'image', width, height, channels, data };
}

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tesserae-write-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('encodeImage', () => {
  it('writes PNG that comes back unchanged', async () => {
    for (const channels of [1, 3, 4] as const) {
      const { data, ...rest } = await readImage(await encodeImage(image(channels)));
      expect(rest).toMatchObject({ width: 21, height: 13, channels, format: 'png' });
      expect(data).toEqual(image(channels).data);
    }
  });

  it('writes every other format', async () => {
    for (const format of ['jpeg', 'webp', 'avif', 'tiff', 'gif'] as const) {
      for (const channels of [1, 3] as const) {
        const back = await readImage(await encodeImage(image(channels), { format }));
        expect([back.format, back.width, back.height]).toEqual([format, 21, 13]);
      }
    }
  });

  it('obeys quality', async () => {
    const large = await encodeImage(image(3, 64, 64), { format: 'jpeg', quality: 95 });
    const small = await encodeImage(image(3, 64, 64), { format: 'jpeg', quality: 5 });
    expect(small.length).toBeLessThan(large.length);
  });

  it('clamps and rounds floats', async () => {
    const data = Float32Array.of(-0.0005, 0.5, 1.0005);
    const floats: ImageSignal = { modality: 'image', width: 3, height: 1, channels: 1, data };
    expect([...(await readImage(await encodeImage(floats))).data]).toEqual([0, 128, 255]);
  });

  it('refuses what it cannot do', async () => {
    await expect(encodeImage(image(3), { format: 'bmp' as 'png' })).rejects.toMatchObject({ argument: 'format' });
    await expect(encodeImage(image(3), { quality: 0 })).rejects.toMatchObject({ argument: 'quality' });
    await expect(encodeImage({ ...image(3), width: 5 })).rejects.toMatchObject({ name: 'InputError' });
  });
});

describe('writeImage', () => {
  it('takes the format from the ending and leaves nothing else behind', async () => {
    await writeImage(join(folder, 'a.JPG'), image(3));
    await writeImage(pathToFileURL(join(folder, 'b c.png')), image(3));
    await writeImage(join(folder, 'plain'), image(3));
    expect((await readFile(join(folder, 'a.JPG'))).subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
    expect((await readImage(join(folder, 'plain'))).format).toBe('png');
    expect((await readdir(folder)).sort()).toEqual(['a.JPG', 'b c.png', 'plain']);
  });

  it('replaces a file as a whole', async () => {
    const path = join(folder, 'a.JPG');
    await writeImage(path, image(1), { format: 'png' });
    expect((await readImage(path)).format).toBe('png');
  });

  it('fails with a typed error and no rest', async () => {
    const before = await readdir(folder);
    await expect(writeImage(join(folder, 'no', 'a.png'), image(3))).rejects.toMatchObject({ name: 'InputError' });
    await expect(writeImage(join(folder, 'a.xyz'), image(3))).rejects.toMatchObject({ argument: 'path' });
    expect(await readdir(folder)).toEqual(before);
  });
});
