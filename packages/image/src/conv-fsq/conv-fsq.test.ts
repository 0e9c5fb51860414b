import { mulberry32, Tokens, type ImageSignal } from '@tesserae/core';
import { psnr } from '@tesserae/core/metrics';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageTokenizer } from '../tokenizer/image-tokenizer';
import { parseConfig, presets } from './config';
import { convFsq } from './conv-fsq';

const small = parseConfig({ outer_channels: 8, inner_channels: 12, inner_blocks: 1 });

function noise(width: number, height: number, channels: 1 | 3 | 4 = 3): ImageSignal {
  const data = Uint8Array.from(mulberry32(width * height).integers(0, 256, width * height * channels));
  return { modality: 'image', width, height, channels, data };
}

describe('conv-fsq', () => {
  let tokenizer: ImageTokenizer;
  beforeAll(async () => {
    tokenizer = await convFsq.fromConfig(small, { engine: 'onnx' });
  });
  afterAll(() => tokenizer.dispose());

  it('codes one id below 1000 per 8 x 8 pixels, and decodes to the size of the picture', async () => {
    for (const [width, height] of [
      [16, 24],
      [17, 5],
      [1, 1],
    ] as const) {
      const tokens = await tokenizer.encode(noise(width, height));
      const level = tokens.levels[0]!;
      expect(level.shape).toEqual([Math.ceil(height / 8), Math.ceil(width / 8)]);
      if (level.kind !== 'index') throw new Error(level.kind);
      expect(level.data.every((id) => id >= 0 && id < 1000)).toBe(true);
      const decoded = await tokenizer.decode(tokens);
      expect([decoded.width, decoded.height, decoded.channels]).toEqual([width, height, 3]);
    }
  });

  it('gives the same ids and pixels on cpu', async () => {
    const reference = await convFsq.fromConfig(small, { engine: 'cpu' });
    const [a, b] = [await tokenizer.encode(noise(16, 16)), await reference.encode(noise(16, 16))];
    expect(a.levels[0]!.data).toEqual(b.levels[0]!.data);
    const [x, y] = [await tokenizer.decode(a), await reference.decode(a)];
    x.data.forEach((value, index) => expect(Math.abs(value - y.data[index]!)).toBeLessThanOrEqual(1));
    await reference.dispose();
  });

  it('decodes tokens that say nothing of their source', async () => {
    const { identity } = tokenizer.info;
    const level = {
      kind: 'index',
      vocabularySize: 1000,
      shape: [2, 3],
      axes: ['height', 'width'],
      data: Int32Array.of(0, 1, 2, 997, 998, 999),
    } as const;
    const picture = await tokenizer.decode(
      new Tokens({
        tokenizer: identity,
        levels: [level],
        source: { modality: 'image', pipeline: 'none', width: 24, height: 16 },
        prefixUnit: 'none',
      }),
    );
    expect([picture.width, picture.height]).toEqual([24, 16]);
  });

  it('refuses wrong configurations', () => {
    expect(() => parseConfig({ levels: [8, 1] })).toThrow('levels');
    expect(() => parseConfig({ levels: [] })).toThrow('levels');
    expect(() => parseConfig({ inner_blocks: 0 })).toThrow('inner_blocks');
  });
});

describe('image-starter', () => {
  it('ships with the package and beats a blurred picture', async () => {
    const tokenizer = await convFsq.fromPretrained('image-starter', { engine: 'onnx' });
    const ramp = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (Math.floor(i / 3) % 64) * 3 + 20 * (i % 3));
    const picture: ImageSignal = { modality: 'image', width: 64, height: 64, channels: 3, data: ramp };
    const decoded = await tokenizer.decode(await tokenizer.encode(picture));
    expect(psnr(picture, decoded).value).toBeGreaterThan(24);
    expect(tokenizer.info.license).toMatchObject({ name: 'CC-BY-SA-4.0' });
    expect(presets['image-starter']!.parameters).toBe(1_454_964);
    await tokenizer.dispose();
  });
});
