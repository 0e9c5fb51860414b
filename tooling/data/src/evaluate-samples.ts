import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageSignal } from '@tesserae/core';
import { psnr } from '@tesserae/core/metrics';
import { pillowResize, toRgb } from '@tesserae/core/raster';
import { readImage, type ImageTokenizer } from '@tesserae/image';

/** Mean PSNR in dB (8-bit, clipped) over the opaque colour samples, each resized to a square of `size` with Lanczos. */
export async function evaluateSamples(tokenizer: ImageTokenizer, folder: string, size: number): Promise<number> {
  const pictures = await readSamples(folder, size);
  let sum = 0;
  for (const { picture } of pictures) {
    sum += psnr(picture, await tokenizer.decode(await tokenizer.encode(picture))).value;
  }
  return sum / pictures.length;
}

/** The samples without grey and transparent ones, in order of name. */
export async function readSamples(
  folder: string,
  size: number,
): Promise<readonly { readonly name: string; readonly picture: ImageSignal }[]> {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.png') && !/-(grey|rgba)\.png$/.test(name))
    .sort();
  return Promise.all(
    names.map(async (name) => {
      const image = await readImage(join(folder, name));
      if (image.data instanceof Float32Array) throw new Error(`${name}: expected bytes.`);
      const raster = pillowResize(toRgb({ ...image, data: image.data }), size, size, 'lanczos');
      return { name, picture: { modality: 'image', ...raster, channels: 3 } satisfies ImageSignal };
    }),
  );
}
