import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { headerSize } from './image-header';

describe('headerSize', () => {
  const picture = () => sharp({ create: { width: 301, height: 77, channels: 4, background: '#10203080' } });

  it('reads the size of every kind of JPEG, WebP and GIF', async () => {
    const files = [
      ['jpeg', picture().jpeg()],
      ['jpeg', picture().jpeg({ progressive: true }).withMetadata({ orientation: 6 })],
      ['webp', picture().webp()],
      ['webp', picture().removeAlpha().webp()],
      ['webp', picture().removeAlpha().webp({ lossless: true })],
      ['gif', picture().gif()],
    ] as const;
    for (const [format, image] of files) {
      expect(headerSize(await image.toBuffer(), format)).toEqual({ width: 301, height: 77 });
    }
    expect(headerSize(await picture().avif().toBuffer(), 'avif')).toBeUndefined();
  });

  it('says nothing about rubbish', () => {
    for (let length = 0; length < 40; length++) {
      const rubbish = new Uint8Array(length).fill(0xff);
      expect(headerSize(rubbish, 'jpeg')).toBeUndefined();
      expect(headerSize(rubbish, 'webp')).toBeUndefined();
    }
    expect(headerSize(new Uint8Array(9), 'gif')).toBeUndefined();
  });
});
