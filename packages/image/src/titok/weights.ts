import type * as tf from '@tensorflow/tfjs-core';
import type { Host, WeightMap } from '@tesserae/core';
import type { Conv2dParams, LinearParams, NormParams, VitBlockParams } from '@tesserae/core/nn';
import { readPixelDecoder, type PixelDecoderParams } from '../maskgit-vqgan/weights';
import type { TitokConfig, VitSize } from './config';

/** Learned rows around the patches, and the blocks: the same in encoder and decoder. */
interface TransformerParams {
  /** `[1, width]`. */
  readonly classEmbedding: tf.Tensor2D;
  /** `[1 + patches, width]`. */
  readonly positions: tf.Tensor2D;
  /** `[latentTokens, width]`. */
  readonly latentPositions: tf.Tensor2D;
  readonly normIn: NormParams;
  readonly blocks: readonly VitBlockParams[];
  readonly normOut: NormParams;
}

export interface EncoderParams extends TransformerParams {
  readonly patchEmbed: Conv2dParams;
  /** `[latentTokens, width]`. */
  readonly latentTokens: tf.Tensor2D;
  /** Width to token channels (twice as many for a Gaussian). */
  readonly out: LinearParams;
}

export interface DecoderParams extends TransformerParams {
  readonly embed: LinearParams;
  /** `[1, 1, width]`. */
  readonly maskToken: tf.Tensor3D;
  /** Legacy: to MaskGIT-VQGAN code logits. */
  readonly codeHead?: { readonly hidden: LinearParams; readonly out: LinearParams };
  /** Otherwise: to patches of pixels, smoothed by a 3x3 convolution. */
  readonly pixelHead?: { readonly patches: LinearParams; readonly out: Conv2dParams };
}

export interface TitokParams {
  readonly encoder: EncoderParams;
  readonly decoder: DecoderParams;
  /** `[codebookSize, tokenSize]`; absent with a Gaussian. */
  readonly codebook?: tf.Tensor2D;
  /** `codebook` `[1024, latentChannels]`; absent in stage-1 and non-legacy models. */
  readonly pixels?: { readonly codebook: tf.Tensor2D; readonly decoder: PixelDecoderParams };
}

/** Codes of the MaskGIT-VQGAN that legacy models predict. */
export const pixelCodes = 1024;

export function readWeights(map: WeightMap, config: TitokConfig): Host<TitokParams> {
  // Usage statistics of clustering-VQ training.
  map.ignore('quantize.embed_prob');
  const { pixelDecoder, quantizeMode } = config;
  return {
    encoder: readEncoder(map, config),
    decoder: readDecoder(map.at('decoder'), config),
    ...(quantizeMode === 'vq' && {
      codebook: map.codebook('quantize.embedding.weight', config.codebookSize, config.tokenSize),
    }),
    ...(pixelDecoder && {
      pixels: {
        codebook: map.codebook('pixel_quantize.embedding.weight', pixelCodes, pixelDecoder.latentChannels),
        decoder: readPixelDecoder(map.at('pixel_decoder'), pixelDecoder),
      },
    }),
  } as Host<TitokParams>;
}

function readEncoder(root: WeightMap, config: TitokConfig): Host<EncoderParams> {
  const { encoder: size, latentTokens, tokenSize, quantizeMode } = config;
  const map = root.at('encoder');
  return {
    ...readTransformer(map, size, patchCount(config.imageSize, size.patchSize), latentTokens),
    patchEmbed: map.conv2d('patch_embed', 3, size.width, size.patchSize),
    latentTokens: root.tensor('latent_tokens', [latentTokens, size.width]),
    out: map.linear('conv_out', size.width, quantizeMode === 'vae' ? 2 * tokenSize : tokenSize, { pointwise: 2 }),
  } as Host<EncoderParams>;
}

function readDecoder(map: WeightMap, config: TitokConfig): Host<DecoderParams> {
  const { decoder: size, latentTokens, tokenSize, legacy } = config;
  const { width, patchSize } = size;
  return {
    ...readTransformer(map, size, patchCount(config.imageSize, patchSize), latentTokens),
    embed: map.linear('decoder_embed', tokenSize, width),
    maskToken: map.tensor('mask_token', [1, 1, width]),
    ...(legacy
      ? {
          codeHead: {
            hidden: map.linear('ffn.0', width, 2 * width, { pointwise: 2 }),
            out: map.linear('ffn.2', 2 * width, pixelCodes, { pointwise: 2 }),
          },
        }
      : {
          pixelHead: {
            patches: map.linear('ffn.0', width, 3 * patchSize * patchSize, { pointwise: 2 }),
            out: map.conv2d('conv_out', 3, 3, 3),
          },
        }),
  } as Host<DecoderParams>;
}

function patchCount(imageSize: number, patchSize: number): number {
  return (imageSize / patchSize) ** 2;
}

function readTransformer(
  map: WeightMap,
  { width, layers }: VitSize,
  patches: number,
  latentTokens: number,
): Host<TransformerParams> {
  return {
    classEmbedding: map.tensor('class_embedding', [1, width]),
    positions: map.tensor('positional_embedding', [1 + patches, width]),
    latentPositions: map.tensor('latent_token_positional_embedding', [latentTokens, width]),
    normIn: map.norm('ln_pre', width),
    blocks: map.list(
      layers,
      (index) => `transformer.${index}`,
      (block) => readBlock(block, width),
    ),
    normOut: map.norm('ln_post', width),
  } as Host<TransformerParams>;
}

function readBlock(map: WeightMap, width: number): Host<VitBlockParams> {
  return {
    norm1: map.norm('ln_1', width),
    attention: map.packedAttention('attn', width),
    norm2: map.norm('ln_2', width),
    mlpIn: map.linear('mlp.c_fc', width, 4 * width),
    mlpOut: map.linear('mlp.c_proj', 4 * width, width),
  };
}
