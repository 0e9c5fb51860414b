import * as tf from '@tensorflow/tfjs-core';
import { encodeLayers, factorizedVectorQuantizer, type ResidualLayer, tap } from '@tesserae/core/nn';
import { type SnacConfig, unitFrames } from './config';
import { levelConfig, type SnacParams } from './weights';

type Quantizers = SnacParams['quantizers'];

/**
 * Residual quantization of several rates (SNAC's `ResidualVectorQuantize`): every level quantizes the mean of `stride`
 * frames and repeats the code as often.
 */
function layersOf(quantizers: Quantizers, config: SnacConfig): readonly ResidualLayer[] {
  const own = levelConfig(config);
  return config.strides.map((stride, index) => ({
    encode(residual) {
      const { projected, ...step } = factorizedVectorQuantizer.encode(
        meanOfFrames(residual as tf.Tensor3D, stride),
        quantizers[index]!,
        own,
      );
      tap(`quantizer.projected${index}`, projected as tf.Tensor3D);
      return { ...step, codes: repeatFrames(step.codes as tf.Tensor3D, stride) };
    },
    decode: (ids) =>
      repeatFrames(factorizedVectorQuantizer.decode(ids, quantizers[index]!, own) as tf.Tensor3D, stride),
  }));
}

/**
 * Quantizes latents.
 *
 * @param latents - `[B, F, D]`, F a multiple of the unit.
 * @returns `ids` and `margins` `[rows, B, F / unit]`: see {@link rowsOf}.
 */
export function encodeLevels(latents: tf.Tensor3D, quantizers: Quantizers, config: SnacConfig) {
  return tf.tidy(() => {
    const { steps } = encodeLayers(latents, layersOf(quantizers, config));
    const pack = (parts: readonly tf.Tensor[]) =>
      tf.concat(
        parts.map((part, index) => toRows(part as tf.Tensor2D, rowsOf(config)[index]!)),
        0,
      );
    return { ids: pack(steps.map(({ ids }) => ids!)), margins: pack(steps.map(({ margins }) => margins!)) };
  });
}

/**
 * Code vectors of ids, as the decoder sees them.
 *
 * @param ids - `[rows, B, units]` of all levels, or of the first ones.
 * @returns `[B, F, D]`.
 */
export function decodeLevels(ids: tf.Tensor3D, quantizers: Quantizers, config: SnacConfig): tf.Tensor3D {
  return tf.tidy(() => {
    const [given, batch, units] = ids.shape;
    const levels: tf.Tensor[] = [];
    let row = 0;
    for (const rows of rowsOf(config)) {
      if (row >= given) break;
      const own = tf.slice(ids, [row, 0, 0], [rows, batch, units]);
      levels.push(tf.reshape(tf.transpose(own, [1, 2, 0]), [batch, units * rows]));
      row += rows;
    }
    const layers = layersOf(quantizers, config);
    return tf.addN(levels.map((own, index) => layers[index]!.decode(own, undefined))) as tf.Tensor3D;
  });
}

/**
 * Codes of a unit (the frames that sound is filled up to) of each level: ids of a unit lie below each other, level after
 * level, and within a level in the order of time. So all levels have one axis of time.
 */
export function rowsOf(config: Pick<SnacConfig, 'strides' | 'attentionWindow'>): readonly number[] {
  return config.strides.map((stride) => unitFrames(config) / stride);
}

/** `[B, units * rows]` as `[rows, B, units]`. */
function toRows(level: tf.Tensor2D, rows: number): tf.Tensor3D {
  const [batch, length] = level.shape;
  return tf.transpose(tf.reshape(level, [batch, length / rows, rows]), [2, 0, 1]) as tf.Tensor3D;
}

function meanOfFrames(x: tf.Tensor3D, stride: number): tf.Tensor3D {
  if (stride === 1) return x;
  const [batch, frames, width] = x.shape;
  return tf.mean(tf.reshape(x, [batch, frames / stride, stride, width]), 2) as tf.Tensor3D;
}

function repeatFrames(x: tf.Tensor3D, stride: number): tf.Tensor3D {
  if (stride === 1) return x;
  const [batch, frames, width] = x.shape;
  const repeated = tf.tile(tf.reshape(x, [batch, frames, 1, width]), [1, 1, stride, 1]);
  return tf.reshape(repeated, [batch, frames * stride, width]) as tf.Tensor3D;
}
