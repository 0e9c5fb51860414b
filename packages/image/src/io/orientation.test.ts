import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { exifBlock } from '../../test/png-builder';
import { avifOrientation } from './avif-orientation';
import { exifOrientation, fileOrientation, neutralOrientation } from './exif';
import { storedPixels, uprightPixels } from './orient';

const pixels = { width: 3, height: 2, channels: 1, data: Uint8Array.of(1, 2, 3, 4, 5, 6) } as const;

const picture = () => sharp(Buffer.from([9, 9, 9, 200, 200, 200]), { raw: { width: 2, height: 1, channels: 3 } });

describe('uprightPixels', () => {
  it('agrees with sharp for all eight orientations', async () => {
    for (let orientation = 1; orientation <= 8; orientation++) {
      const file = await sharp(Buffer.from(pixels.data), { raw: { width: 3, height: 2, channels: 1 } })
        .withMetadata({ orientation })
        .png()
        .toBuffer();
      const { data, info } = await sharp(file)
        .autoOrient()
        .toColourspace('b-w')
        .raw()
        .toBuffer({ resolveWithObject: true });
      const ours = uprightPixels(pixels, orientation);
      expect([ours.width, ours.height, ...ours.data]).toEqual([info.width, info.height, ...data]);
      expect(storedPixels(ours, orientation)).toEqual(pixels);
    }
  });

  it('leaves everything else alone', () => {
    for (const orientation of [0, 1, 9, -1]) {
      expect(uprightPixels(pixels, orientation)).toBe(pixels);
    }
  });
});

describe('orientation of files', () => {
  it('reads both byte orders', () => {
    expect(exifOrientation(exifBlock(7))).toBe(7);
    const little = [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0];
    expect(exifOrientation(Uint8Array.from(little))).toBe(5);
  });

  it('finds and neutralizes it in JPEG and WebP', async () => {
    for (const format of ['jpeg', 'webp'] as const) {
      const bytes = await picture().withMetadata({ orientation: 6 }).toFormat(format).toBuffer();
      expect(fileOrientation(bytes, format)).toBe(6);
      const neutral = neutralOrientation(bytes, format);
      expect(fileOrientation(neutral, format)).toBe(1);
      expect((await sharp(neutral).metadata()).orientation).toBe(1);
      expect(fileOrientation(bytes, format)).toBe(6);
    }
  });

  it('finds it in TIFF and AVIF', async () => {
    const tiff = await picture().withMetadata({ orientation: 8 }).tiff({ compression: 'none' }).toBuffer();
    expect(fileOrientation(tiff, 'tiff')).toBe(8);
    for (let orientation = 1; orientation <= 8; orientation++) {
      const avif = await picture().withMetadata({ orientation }).avif().toBuffer();
      expect(avifOrientation(avif)).toBe(orientation);
    }
  });

  it('survives rubbish', () => {
    for (let length = 0; length < 40; length++) {
      const rubbish = Uint8Array.from({ length }, (_, i) => (i * 91) % 256);
      expect(avifOrientation(rubbish)).toBe(1);
      expect(exifOrientation(rubbish)).toBe(1);
      expect(fileOrientation(rubbish, 'jpeg')).toBe(1);
      expect(fileOrientation(rubbish, 'webp')).toBe(1);
    }
  });
});
