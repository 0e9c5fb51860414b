import { mulberry32 } from '@tesserae/core';
import { psnr } from '@tesserae/core/metrics';
import { describe, expect, it } from 'vitest';
import { parseConfig } from './config';
import { convFsq } from './conv-fsq';
import { exportConvFsq, trainConvFsq, type ConvFsqData } from './train';

const config = parseConfig({ outer_channels: 8, inner_channels: 12, inner_blocks: 1 });

/** The same four flat squares every time. */
const data: ConvFsqData = {
  batchSize: 4,
  size: 16,
  batch() {
    const colors = mulberry32(7).uniform(12);
    return Float32Array.from({ length: 4 * 16 * 16 * 3 }, (_, i) => colors[Math.floor(i / 768) * 3 + (i % 3)]!);
  },
};

describe('trainConvFsq', () => {
  it('learns, and exports a model that opens', async () => {
    const losses: number[] = [];
    let bytes = new Uint8Array(0);
    const options = { engine: 'onnx', steps: 80, schedule: { rate: 4e-3, warmup: 5 } } as const;
    for await (const { step, losses: found, state } of trainConvFsq(config, data, options)) {
      losses.push(found['loss']!);
      if (step === 80) bytes = exportConvFsq(config, state.params) as Uint8Array<ArrayBuffer>;
    }
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 3);
    const small = { outer_channels: 8, inner_channels: 12, inner_blocks: 1 };
    const tokenizer = await convFsq.fromPretrained(bytes, { config: small, engine: 'onnx' });
    const square = Uint8Array.from((await data.batch(0)).subarray(0, 16 * 16 * 3), (value) => value * 255);
    const picture = { modality: 'image', width: 16, height: 16, channels: 3, data: square } as const;
    const decoded = await tokenizer.decode(await tokenizer.encode(picture));
    expect(psnr(picture, decoded).value).toBeGreaterThan(12);
    await tokenizer.dispose();
  });

  it('starts from the same weights with the same seed', async () => {
    const first = async (seed: number) => {
      for await (const { losses } of trainConvFsq(config, data, { engine: 'onnx', steps: 1, seed }))
        return losses['loss'];
      return undefined;
    };
    expect(await first(3)).toBe(await first(3));
    expect(await first(3)).not.toBe(await first(4));
  });
});
