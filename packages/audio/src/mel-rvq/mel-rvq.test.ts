import type { Json } from '@tesserae/core';
import { useLeakGuard } from '@tesserae/core/test';
import { describe, expect, it } from 'vitest';
import { checkSound } from './check-sound';
import { hopLength, parseConfig, presets } from './config';
import { melRvq } from './mel-rvq';
import { decoderReach, encoderReach } from './reach';

const tiny = {
  sample_rate: 8000,
  fft_length: 64,
  spectrum_hop: 16,
  mels: 10,
  encoder_width: 8,
  encoder_layers: 1,
  decoder_width: 8,
  decoder_layers: 2,
  codebooks: 2,
  codebook_size: 16,
  code_width: 4,
};

describe('parseConfig', () => {
  it('has the values of the starter, and refuses what does not fit', () => {
    expect(parseConfig({})).toEqual(presets['audio-starter']!.config);
    expect(hopLength(parseConfig({}))).toBe(320);
    const misfits: readonly Json[] = [
      { spectrum_hop: 100 },
      { spectrum_hop: 640 },
      { codebook_size: 1 },
      { mels: 0.5 },
      'text',
      null,
    ];
    for (const wrong of misfits) {
      expect(() => parseConfig(wrong)).toThrow(/mel-rvq config\.json/);
    }
  });
});

describe('the model functions', () => {
  useLeakGuard();

  it('look as far as the reach says, and no further', async () => {
    const config = parseConfig(tiny);
    const tokenizer = await melRvq.fromConfig(config, { engine: 'cpu' });
    const hop = hopLength(config);
    const frames = 40;
    const sound = new Float32Array(frames * hop).map((_, index) => 0.2 * Math.sin(index / 3));
    const latentsOf = (samples: Float32Array) =>
      tokenizer.latents({ modality: 'audio', sampleRate: 8000, channels: [samples] });
    const before = await latentsOf(sound);
    // A click in the middle of a token moves the latents of its neighbours only.
    const changed = Float32Array.from(sound);
    const place = 20;
    changed[place * hop + hop / 2] = 1;
    const after = await latentsOf(changed);
    const moved = Array.from({ length: frames }, (_, frame) => frame).filter((frame) =>
      Array.from({ length: 4 }, (_, at) => frame * 4 + at).some((at) => before.data[at] !== after.data[at]),
    );
    const { left, right } = encoderReach(config);
    expect(moved).toContain(place);
    expect(moved[0]).toBeGreaterThanOrEqual(place - right);
    expect(moved.at(-1)).toBeLessThanOrEqual(place + left);
    expect(moved.length).toBeGreaterThan(left);

    const tokens = await tokenizer.encode({ modality: 'audio', sampleRate: 8000, channels: [sound] });
    const ids = tokens.levels.map(({ data }) => Int32Array.from(data));
    ids[0]![place] = (ids[0]![place]! + 1) % 16;
    const levels = tokens.levels.map((level, index) => ({ ...level, data: ids[index]! }));
    const [a] = (await tokenizer.decode(tokens)).channels;
    const [b] = (await tokenizer.decode({ ...tokens, levels } as never)).channels;
    const different = [...a!.keys()].filter((index) => a![index] !== b![index]);
    const reach = decoderReach(config);
    expect(different[0]).toBeGreaterThanOrEqual((place - reach.right) * hop);
    expect(different.at(-1)).toBeLessThan((place + reach.left + 1) * hop);
    expect(different.length).toBeGreaterThan(hop);
    await tokenizer.dispose();
  });

  it('keep silence quiet and sound finite', async () => {
    const tokenizer = await melRvq.fromConfig(parseConfig(tiny), { engine: 'cpu' });
    for (const value of [0, 1, 1e-30]) {
      const channels = [new Float32Array(100).fill(value)];
      const tokens = await tokenizer.encode({ modality: 'audio', sampleRate: 8000, channels });
      const decoded = await tokenizer.decode(tokens);
      expect(decoded.channels[0]).toHaveLength(100);
      expect(decoded.channels[0]!.every(Number.isFinite)).toBe(true);
    }
    await tokenizer.dispose();
  });
});

describe('checkSound', () => {
  it('is always the same, a second, within range', () => {
    const [samples] = checkSound().channels;
    expect(samples).toHaveLength(16_000);
    expect(checkSound().channels[0]).toEqual(samples);
    const peak = samples!.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(peak).toBeGreaterThan(0.1);
    expect(peak).toBeLessThan(1);
  });
});
