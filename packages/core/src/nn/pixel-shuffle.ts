import * as tf from '@tensorflow/tfjs-core';
import { ShapeError } from '../errors/shape-error';

/**
 * Cuts a picture into patches and lays each one's pixels into channels.
 *
 * @param x - `[B, H, W, C]`; H and W divisible by `size`.
 * @param channelOrder - Order inside the channels: `pixel-channel` = (row, column, C), C fastest; `channel-pixel` = (C, row, column), as PyTorch's `pixel_unshuffle`.
 * @returns `[B, H / size, W / size, size * size * C]`.
 * @throws {ShapeError} If H or W is not divisible.
 */
export function patchify(x: tf.Tensor4D, size: number, channelOrder: ChannelOrder = 'pixel-channel'): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  if (height % size !== 0 || width % size !== 0) {
    throw new ShapeError('patchify: x', `height and width divisible by ${size}`, x.shape);
  }
  return tf.tidy(() => {
    const rows = height / size;
    const columns = width / size;
    // Two steps of at most five axes: wasm transposes no more.
    const strips = tf.reshape(x, [batch * rows, size, columns, size * channels]);
    const patches = tf.transpose(strips, [0, 2, 1, 3]);
    if (channelOrder === 'pixel-channel') return tf.reshape(patches, [batch, rows, columns, size * size * channels]);
    const pixels = tf.reshape(patches, [batch * rows * columns, size * size, channels]);
    return tf.reshape(tf.transpose(pixels, [0, 2, 1]), [batch, rows, columns, size * size * channels]);
  });
}

/** The inverse of {@link patchify}: `[B, h, w, size * size * C]` to `[B, h * size, w * size, C]`. */
export function unpatchify(x: tf.Tensor4D, size: number, channelOrder: ChannelOrder = 'pixel-channel'): tf.Tensor4D {
  const [batch, rows, columns, depth] = x.shape;
  const channels = depth / (size * size);
  if (!Number.isInteger(channels))
    throw new ShapeError('unpatchify: x', `channels divisible by ${size * size}`, x.shape);
  return tf.tidy(() => {
    const pixels =
      channelOrder === 'pixel-channel'
        ? x
        : tf.transpose(tf.reshape(x, [batch * rows * columns, channels, size * size]), [0, 2, 1]);
    const patches = tf.reshape(pixels, [batch * rows, columns, size, size * channels]);
    return tf.reshape(tf.transpose(patches, [0, 2, 1, 3]), [batch, rows * size, columns * size, channels]);
  });
}

export type ChannelOrder = 'pixel-channel' | 'channel-pixel';
