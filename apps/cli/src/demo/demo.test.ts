import type { ImageSignal } from '@tesserae/core';
import { describe, expect, it } from 'vitest';
import { contactSheet } from './contact-sheet';
import { bytesForQuality } from './yardstick';

function plain(width: number, height: number, value: number): ImageSignal {
  return { modality: 'image', width, height, channels: 3, data: new Uint8Array(width * height * 3).fill(value) };
}

function noise(side: number): ImageSignal {
  const data = Uint8Array.from({ length: side * side * 3 }, (_, i) => (i * 2654435761) >>> 24);
  return { modality: 'image', width: side, height: side, channels: 3, data };
}

describe('contactSheet', () => {
  it('puts pairs side by side, four across', () => {
    const pair = { original: plain(10, 6, 1), decoded: plain(10, 6, 2) };
    const one = contactSheet([pair]);
    expect([one.width, one.height]).toEqual([40, 22]);
    const at = (x: number, y: number) => one.data[(y * one.width + x) * 3];
    expect([at(0, 0), at(8, 8), at(17, 13), at(18, 8), at(22, 8), at(31, 13), at(32, 8)]).toEqual([
      245, 1, 1, 245, 2, 2, 245,
    ]);
    const five = contactSheet(new Array<typeof pair>(5).fill(pair));
    expect([five.width, five.height]).toEqual([4 * 32 + 8, 2 * 14 + 8]);
  });
});

describe('bytesForQuality', () => {
  it('finds the smallest file that is good enough, or the smallest there is', async () => {
    const picture = noise(32);
    const smallest = await bytesForQuality(picture, 'jpeg', 0);
    const better = await bytesForQuality(picture, 'jpeg', 15);
    expect(smallest).toMatchObject({ smallest: true });
    expect(better).toMatchObject({ smallest: false });
    expect(better!.bytes).toBeGreaterThan(smallest!.bytes);
  });
});
