import * as tf from '@tensorflow/tfjs-core';
import { conv2d, layerNorm, linear, tap, vitBlock } from '@tesserae/core/nn';
import type { TitokConfig } from './config';
import type { EncoderParams } from './weights';

/**
 * Picture to latents, before the quantizer (image-1d 1.1).
 *
 * @param image - `[B, size, size, 3]`, float32 in 0..1.
 * @returns `[B, latentTokens, channels]`; channels = token size, twice that for a Gaussian.
 */
export function encodeLatents(image: tf.Tensor4D, params: EncoderParams, config: TitokConfig): tf.Tensor3D {
  const { width, heads, patchSize } = config.encoder;
  const batch = image.shape[0];
  return tf.tidy(() => {
    const patches = tap('encoder.patch_embed', conv2d(image, params.patchEmbed, { stride: patchSize, padding: 0 }));
    const patchRows = tf.reshape(patches, [batch, -1, width]) as tf.Tensor3D;
    const classRow = repeat(params.classEmbedding, batch);
    const pictureRows = tf.add(tf.concat([classRow, patchRows], 1), params.positions);
    const latentRows = repeat(tf.add(params.latentTokens, params.latentPositions), batch);
    let x = tap('encoder.ln_pre', layerNorm(tf.concat([pictureRows, latentRows], 1), params.normIn)) as tf.Tensor3D;
    params.blocks.forEach((block, index) => {
      x = vitBlock(x, block, heads, `encoder.block${index}`);
    });
    const start = pictureRows.shape[1]!;
    const kept = tf.slice(x, [0, start, 0], [batch, config.latentTokens, width]);
    const latents = tap('encoder.ln_post', layerNorm(kept, params.normOut)) as tf.Tensor3D;
    return tap('encoder.conv_out', linear(scramble(latents, config), params.out) as tf.Tensor3D);
  });
}

/**
 * The first release reshapes `[N, W]` to `[W, N]` without transposing: token n mixes channels of many latents, and
 * the weights were trained so (image-1d 1.1 step 6). Later releases transpose, which channels-last needs no step for.
 */
function scramble(latents: tf.Tensor3D, { legacy, latentTokens, encoder }: TitokConfig): tf.Tensor3D {
  if (!legacy) return latents;
  return tf.transpose(tf.reshape(latents, [latents.shape[0], encoder.width, latentTokens]), [0, 2, 1]) as tf.Tensor3D;
}

/** `[N, W]` for every picture of a batch: `[B, N, W]`. */
function repeat(rows: tf.Tensor, batch: number): tf.Tensor3D {
  const one = tf.expandDims(rows, 0) as tf.Tensor3D;
  return batch === 1 ? one : tf.tile(one, [batch, 1, 1]);
}
