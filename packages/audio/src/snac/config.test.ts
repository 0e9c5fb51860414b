import type { Json } from '@tesserae/core';
import { describe, expect, it } from 'vitest';
import { parseConfig, unitFrames } from './config';

describe('the configuration of SNAC', () => {
  it('fills sound up to whole codes and whole windows', () => {
    const unitOf = (config: Json) => unitFrames(parseConfig(config));
    expect(unitOf({ attn_window_size: null, vq_strides: [4, 2, 1] })).toBe(4);
    expect(unitOf({ attn_window_size: 32, vq_strides: [8, 4, 2, 1] })).toBe(32);
    expect(unitOf({ attn_window_size: 6, vq_strides: [4, 2, 1] })).toBe(12);
  });

  it.each([
    [{ latent_dim: 7 }, 'latent_dim'],
    [{ decoder_rates: [2, 2] }, 'decoder_rates'],
    [{ encoder_dim: 6 }, 'encoder_dim'],
    [{ decoder_dim: 100 }, 'decoder_dim'],
    [{ vq_strides: [4, 3, 1], attn_window_size: null }, 'vq_strides'],
    [{ sampling_rate: 0 }, 'sampling_rate'],
  ])('refuses %j', (config, field) => {
    expect(() => parseConfig(config)).toThrow(field);
  });
});
