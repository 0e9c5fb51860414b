import type { Json } from '@tesserae/core';
import { describe, expect, it } from 'vitest';
import { parseConfig as parseOneDPiece, presets as oneDPiecePresets } from '../one-d-piece/config';
import { parseConfig, presets } from './config';

/** `config.json` of a release, as far as it is read. */
function official(vqModel: Readonly<Record<string, Json>>): Json {
  return {
    experiment: { project: 'titok' },
    model: {
      vq_model: {
        commitment_cost: 0.25,
        vit_enc_patch_size: 16,
        vit_dec_patch_size: 16,
        ...vqModel,
      },
    },
    dataset: { preprocessing: { resize_shorter_edge: 256, crop_size: 256 } },
  };
}

const legacy = { codebook_size: 4096, token_size: 12, use_l2_norm: true };
const vq8k = { codebook_size: 8192, token_size: 64, use_l2_norm: false, is_legacy: false, finetune_decoder: false };
const vae = { codebook_size: 0, token_size: 16, use_l2_norm: false, quantize_mode: 'vae', is_legacy: false };
const sizes = (encoder: string, decoder: string, tokens: number) => ({
  vit_enc_model_size: encoder,
  vit_dec_model_size: decoder,
  num_latent_tokens: tokens,
});

describe('parseConfig', () => {
  it.each([
    ['titok-l32', { ...legacy, ...sizes('large', 'large', 32) }],
    ['titok-b64', { ...legacy, ...sizes('base', 'base', 64) }],
    ['titok-s128', { ...legacy, ...sizes('small', 'small', 128), finetune_decoder: true, quantize_mode: 'vq' }],
    ['titok-bl64-vq8k', { ...vq8k, ...sizes('base', 'large', 64) }],
    ['titok-bl128-vq8k', { ...vq8k, ...sizes('base', 'large', 128) }],
    ['titok-sl256-vq8k', { ...vq8k, ...sizes('small', 'large', 256) }],
    ['titok-ll32-vae-c16', { ...vae, ...sizes('large', 'large', 32) }],
    ['titok-bl64-vae-c16', { ...vae, ...sizes('base', 'large', 64) }],
    ['titok-bl128-vae-c16', { ...vae, ...sizes('base', 'large', 128), use_l2_norm: true }],
  ])('reads the release of %s to its preset', (name, vqModel) => {
    expect(parseConfig(official(vqModel))).toEqual(presets[name]!.config);
  });

  it('reads One-D-Piece to its presets', () => {
    for (const [name, size] of [
      ['one-d-piece-l256', 'large'],
      ['one-d-piece-b256', 'base'],
      ['one-d-piece-s256', 'small'],
    ] as const) {
      const json = official({ ...legacy, ...sizes(size, size, 256), strict_length_assertion: false });
      expect(parseOneDPiece(json)).toEqual(oneDPiecePresets[name]!.config);
    }
  });

  it('knows stage 1: no pixel decoder', () => {
    const config = parseConfig(official({ ...legacy, ...sizes('small', 'small', 128), finetune_decoder: false }));
    expect(config).not.toHaveProperty('pixelDecoder');
    expect(config.legacy).toBe(true);
  });

  it('names the field that is wrong', () => {
    const wrong = (field: Readonly<Record<string, Json>>) => () =>
      parseConfig(official({ ...legacy, ...sizes('small', 'small', 128), ...field }));
    expect(wrong({ vit_enc_model_size: 'tiny' })).toThrow(/model\.vq_model\.vit_enc_model_size.*small, base, large/);
    expect(wrong({ num_latent_tokens: 0 })).toThrow(/model\.vq_model\.num_latent_tokens/);
    expect(wrong({ token_size: '12' })).toThrow(/model\.vq_model\.token_size/);
    expect(wrong({ quantize_mode: 'fsq' })).toThrow(/quantize_mode/);
    for (const json of [null, [], {}, 'x'] as const)
      expect(() => parseConfig(json)).toThrow(expect.objectContaining({ name: 'ConfigError' }));
  });
});
