import * as tf from '@tensorflow/tfjs-core';
import { conv2d, layerNorm, linear, tap, unpatchify, vitBlock } from '@tesserae/core/nn';
import { decodePixels } from '../maskgit-vqgan/decoder';
import type { TitokConfig } from './config';
import type { DecoderParams, TitokParams } from './weights';

/**
 * Code vectors to the decoder's patch features (image-1d 1.3 steps 1-3). Fewer vectors than latent tokens are a
 * prefix: the sequence is shorter, nothing is padded.
 *
 * @param codes - `[B, n, tokenSize]`, float32.
 * @returns `[B, h, w, width]`.
 */
function patchFeatures(codes: tf.Tensor3D, params: DecoderParams, config: TitokConfig): tf.Tensor4D {
  const { width, heads, patchSize } = config.decoder;
  const [batch, length] = codes.shape;
  const side = config.imageSize / patchSize;
  const patches = side * side;
  const embedded = tap('decoder.decoder_embed', linear(codes, params.embed));
  const latentRows = tf.add(embedded, tf.slice(params.latentPositions, [0, 0], [length, width]));
  const classRow = tf.tile(tf.expandDims(params.classEmbedding, 0), [batch, 1, 1]);
  const masks = tf.tile(params.maskToken, [batch, patches, 1]);
  const pictureRows = tf.add(tf.concat([classRow, masks], 1), params.positions);
  let x = tap('decoder.ln_pre', layerNorm(tf.concat([pictureRows, latentRows], 1), params.normIn)) as tf.Tensor3D;
  params.blocks.forEach((block, index) => {
    x = vitBlock(x, block, heads, `decoder.block${index}`);
  });
  const kept = tf.slice(x, [0, 1, 0], [batch, patches, width]);
  return tf.reshape(tap('decoder.ln_post', layerNorm(kept, params.normOut)), [batch, side, side, width]) as tf.Tensor4D;
}

/**
 * Legacy models: code vectors to logits over the MaskGIT-VQGAN codes.
 *
 * @returns `[B, h, w, 1024]`.
 */
export function decodeLogits(codes: tf.Tensor3D, params: DecoderParams, config: TitokConfig): tf.Tensor4D {
  return tf.tidy(() => {
    const { hidden, out } = params.codeHead!;
    const features = patchFeatures(codes, params, config);
    return tap('decoder.logits', linear(tf.tanh(linear(features, hidden)), out) as tf.Tensor4D);
  });
}

/**
 * Code vectors to pixels: through a soft mixture of MaskGIT-VQGAN codes and its pixel decoder (legacy), or directly.
 *
 * @param codes - `[B, n, tokenSize]`, float32.
 * @returns `[B, size, size, 3]`, about 0..1, not clamped.
 */
export function decodeImage(
  codes: tf.Tensor3D,
  params: Pick<TitokParams, 'decoder' | 'pixels'>,
  config: TitokConfig,
): tf.Tensor4D {
  return tf.tidy(() => {
    if (params.pixels) {
      const mixture = tf.softmax(decodeLogits(codes, params.decoder, config));
      const z = linear(mixture, { kernel: params.pixels.codebook }) as tf.Tensor4D;
      return decodePixels(z, params.pixels.decoder, 'pixel_decoder');
    }
    const { patches, out } = params.decoder.pixelHead!;
    const rows = linear(patchFeatures(codes, params.decoder, config), patches) as tf.Tensor4D;
    const image = tap('decoder.ffn_unpatchified', unpatchify(rows, config.decoder.patchSize));
    return conv2d(image, out);
  });
}
