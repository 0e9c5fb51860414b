import { ConfigError, parseWith, type Json, type Preset } from '@tesserae/core';
import * as v from 'valibot';
import { parseConfig as parseVqganConfig, type MaskgitVqganConfig } from '../maskgit-vqgan/config';

/** Width, blocks and heads of one transformer. */
export interface VitSize {
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
}

/** TiTok and One-D-Piece. */
export interface TitokConfig {
  /** Side of the picture, pixels. */
  readonly imageSize: number;
  readonly encoder: VitSize & { readonly patchSize: number };
  readonly decoder: VitSize & { readonly patchSize: number };
  readonly latentTokens: number;
  /** Channels of a token before and after the quantizer. */
  readonly tokenSize: number;
  /** 0 with `vae`. */
  readonly codebookSize: number;
  readonly useL2Norm: boolean; // false with `vae`
  /** `vq`: ids; `vae`: a diagonal Gaussian, float tokens. */
  readonly quantizeMode: 'vq' | 'vae';
  /** The first release: latents are reshaped, not transposed, and the decoder predicts MaskGIT-VQGAN codes. */
  readonly legacy: boolean;
  /** A legacy model with its pixel decoder (stage 2); absent in stage 1, which ends at code logits. */
  readonly pixelDecoder?: MaskgitVqganConfig;
}

/** The official size table. */
export const vitSizes: Readonly<Record<string, VitSize>> = {
  small: { width: 512, layers: 8, heads: 8 },
  base: { width: 768, layers: 12, heads: 12 },
  large: { width: 1024, layers: 24, heads: 16 },
};

export interface ParseTitokOptions {
  /** Replaces the official table. */
  readonly sizes?: Readonly<Record<string, VitSize>>;
  /** Replaces the official pixel decoder. */
  readonly pixelDecoder?: MaskgitVqganConfig;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const schema = v.object({
  model: v.object({
    vq_model: v.object({
      codebook_size: v.pipe(v.number(), v.integer(), v.minValue(0)),
      token_size: count,
      use_l2_norm: v.boolean(),
      vit_enc_model_size: v.string(),
      vit_dec_model_size: v.string(),
      vit_enc_patch_size: count,
      vit_dec_patch_size: count,
      num_latent_tokens: count,
      finetune_decoder: v.optional(v.boolean(), true),
      quantize_mode: v.optional(v.picklist(['vq', 'vae']), 'vq'),
      is_legacy: v.optional(v.boolean(), true),
    }),
  }),
  dataset: v.object({ preprocessing: v.object({ crop_size: count }) }),
});

/**
 * Reads the official nested training configuration (`config.json` of the releases).
 *
 * @throws {ConfigError}
 */
export function parseConfig(json: Json, options: ParseTitokOptions = {}): TitokConfig {
  const { model, dataset } = parseWith(schema, json, 'titok config.json');
  const { vq_model: vq } = model;
  const sizes = options.sizes ?? vitSizes;
  const sizeOf = (field: string, name: string, patchSize: number) => {
    const size = sizes[name];
    if (!size) throw new ConfigError(`titok config.json: model.vq_model.${field}`, Object.keys(sizes).join(', '), name);
    return { ...size, patchSize };
  };
  const legacy = vq.is_legacy;
  return {
    imageSize: dataset.preprocessing.crop_size,
    encoder: sizeOf('vit_enc_model_size', vq.vit_enc_model_size, vq.vit_enc_patch_size),
    decoder: sizeOf('vit_dec_model_size', vq.vit_dec_model_size, vq.vit_dec_patch_size),
    latentTokens: vq.num_latent_tokens,
    tokenSize: vq.token_size,
    codebookSize: vq.quantize_mode === 'vae' ? 0 : vq.codebook_size,
    useL2Norm: vq.quantize_mode === 'vq' && vq.use_l2_norm,
    quantizeMode: vq.quantize_mode,
    legacy,
    ...(legacy && vq.finetune_decoder && { pixelDecoder: options.pixelDecoder ?? parseVqganConfig({}) }),
  };
}

interface Variant {
  readonly encoder: 'small' | 'base' | 'large';
  readonly decoder: 'small' | 'base' | 'large';
  readonly latentTokens: number;
  readonly parameters: number;
  /** Without the `yucornetto/tokenizer_titok_` before and `_imagenet` behind. */
  readonly repository: string;
}

const legacyVq = {
  codebookSize: 4096,
  tokenSize: 12,
  useL2Norm: true,
  quantizeMode: 'vq',
  legacy: true,
  pixelDecoder: parseVqganConfig({}),
} as const;
const vq8k = { codebookSize: 8192, tokenSize: 64, useL2Norm: false, quantizeMode: 'vq', legacy: false } as const;
const vae16 = { codebookSize: 0, tokenSize: 16, useL2Norm: false, quantizeMode: 'vae', legacy: false } as const;

function preset(
  family: Pick<TitokConfig, 'codebookSize' | 'tokenSize' | 'useL2Norm' | 'quantizeMode' | 'legacy' | 'pixelDecoder'>,
  { encoder, decoder, latentTokens, parameters, repository }: Variant,
): Preset<TitokConfig> {
  return {
    config: {
      imageSize: 256,
      encoder: { ...vitSizes[encoder]!, patchSize: 16 },
      decoder: { ...vitSizes[decoder]!, patchSize: 16 },
      latentTokens,
      ...family,
    },
    source: { repository: `yucornetto/tokenizer_titok_${repository}_imagenet`, file: 'model.safetensors' },
    license: {
      name: 'Apache-2.0',
      use: 'research',
      url: `https://huggingface.co/yucornetto/tokenizer_titok_${repository}_imagenet`,
    },
    pipeline: 'pil-bicubic-256',
    paper: '2406.07550',
    parameters,
  };
}

export const presets: Readonly<Record<string, Preset<TitokConfig>>> = {
  'titok-l32': preset(legacyVq, {
    encoder: 'large',
    decoder: 'large',
    latentTokens: 32,
    parameters: 641_054_735,
    repository: 'l32',
  }),
  'titok-b64': preset(legacyVq, {
    encoder: 'base',
    decoder: 'base',
    latentTokens: 64,
    parameters: 204_814_095,
    repository: 'b64',
  }),
  'titok-s128': preset(legacyVq, {
    encoder: 'small',
    decoder: 'small',
    latentTokens: 128,
    parameters: 83_674_639,
    repository: 's128',
  }),
  'titok-bl64-vq8k': preset(vq8k, {
    encoder: 'base',
    decoder: 'large',
    latentTokens: 64,
    parameters: 390_016_148,
    repository: 'bl64_vq8k',
  }),
  'titok-bl128-vq8k': preset(vq8k, {
    encoder: 'base',
    decoder: 'large',
    latentTokens: 128,
    parameters: 390_179_988,
    repository: 'bl128_vq8k',
  }),
  'titok-sl256-vq8k': preset(vq8k, {
    encoder: 'small',
    decoder: 'large',
    latentTokens: 256,
    parameters: 330_260_884,
    repository: 'sl256_vq8k',
  }),
  'titok-ll32-vae-c16': preset(vae16, {
    encoder: 'large',
    decoder: 'large',
    latentTokens: 32,
    parameters: 606_879_604,
    repository: 'll32_vae_c16',
  }),
  'titok-bl64-vae-c16': preset(vae16, {
    encoder: 'base',
    decoder: 'large',
    latentTokens: 64,
    parameters: 389_418_100,
    repository: 'bl64_vae_c16',
  }),
  'titok-bl128-vae-c16': preset(vae16, {
    encoder: 'base',
    decoder: 'large',
    latentTokens: 128,
    parameters: 389_581_940,
    repository: 'bl128_vae_c16',
  }),
};
