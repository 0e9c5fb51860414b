import * as tf from '@tensorflow/tfjs-core';
import { conv1d, depthwiseConv1d, gelu, groupNorm, layerNorm, linear, silu, tap } from '@tesserae/core/nn';
import { attendAll } from './attend-all';
import type { BackboneConfig } from './config';
import { inBlocks } from './in-blocks';
import type { AttentionParams, BackboneParams, ConditionedNormParams, ConvNextParams, ResnetParams } from './weights';

/** Of every norm here. */
const epsilon = 1e-6;
const groups = 32;

/**
 * Codes to features: convolutions and attention over all frames, then ConvNeXt blocks.
 *
 * @param codes - `[B, F, inputs]`, float32.
 * @param condition - `[1]`, int32: which scale and offset the adaptive norms take; unused by plain ones.
 * @returns `[B, F, width]`.
 */
export function decodeBackbone(
  codes: tf.Tensor3D,
  condition: tf.Tensor1D | undefined,
  params: BackboneParams,
  { layers }: BackboneConfig,
): tf.Tensor3D {
  return tf.tidy(() => {
    let x = tap('backbone.embed', conv1d(codes, params.embed, { padding: [3, 3] }));
    params.before.forEach((block, index) => {
      x = tap(`backbone.pos${index}`, resnet(x, block));
    });
    x = tap('backbone.attention', attention(x, params.attention));
    for (const block of params.after) x = resnet(x, block);
    x = tap('backbone.pos_net', grouped(x, params.groupNorm));
    x = tap('backbone.norm', conditioned(x, params.norm, condition));
    params.blocks.forEach((block, index) => {
      x = convNext(x, block, condition);
      if (index === 0 || index === layers - 1) tap(`backbone.convnext${index}`, x);
    });
    return tap('backbone.out', layerNorm(x, params.normOut, epsilon) as tf.Tensor3D);
  });
}

function resnet(x: tf.Tensor3D, { norm1, conv1, norm2, conv2 }: ResnetParams): tf.Tensor3D {
  const inner = conv1d(silu(grouped(x, norm1)) as tf.Tensor3D, conv1, { padding: [1, 1] });
  return tf.add(x, conv1d(silu(grouped(inner, norm2)) as tf.Tensor3D, conv2, { padding: [1, 1] }));
}

function attention(x: tf.Tensor3D, { norm, query, key, value, out }: AttentionParams): tf.Tensor3D {
  const normed = grouped(x, norm);
  const [q, k, v] = [query, key, value].map((layer) => linear(normed, layer)) as [
    tf.Tensor3D,
    tf.Tensor3D,
    tf.Tensor3D,
  ];
  return tf.add(x, linear(attendAll(q, k, v), out));
}

/**
 * A ConvNeXt block: every channel over seven steps, then all channels of a step.
 *
 * @param x - `[B, F, width]`.
 * @param condition - As for {@link decodeBackbone}.
 */
export function convNext(
  x: tf.Tensor3D,
  { depthwise, norm, wide, narrow, gamma }: ConvNextParams,
  condition?: tf.Tensor1D,
): tf.Tensor3D {
  const normed = conditioned(depthwiseConv1d(x, depthwise, { padding: [3, 3] }), norm, condition);
  const mixed = inBlocks(
    normed,
    wide.kernel.shape[1],
    (block) => linear(gelu(linear(block, wide)), narrow) as tf.Tensor3D,
  );
  return tf.add(x, tf.mul(mixed, gamma));
}

function grouped(x: tf.Tensor3D, norm: Parameters<typeof groupNorm>[1]): tf.Tensor3D {
  return groupNorm(x, norm, groups, epsilon) as tf.Tensor3D;
}

/** A layer norm whose scale and offset are rows that the condition chooses. */
function conditioned(x: tf.Tensor3D, norm: ConditionedNormParams, condition: tf.Tensor1D | undefined): tf.Tensor3D {
  if ('scale' in norm) return layerNorm(x, norm, epsilon) as tf.Tensor3D;
  const [scale, offset] = [norm.scales, norm.offsets].map((rows) =>
    tf.reshape(condition ? tf.gather(rows, condition) : tf.slice(rows, [0, 0], [1, rows.shape[1]]), [rows.shape[1]]),
  ) as [tf.Tensor1D, tf.Tensor1D];
  return layerNorm(x, { scale, offset }, epsilon) as tf.Tensor3D;
}
