import * as tf from '@tensorflow/tfjs-core';
import { modelFunction, type ModelFunction } from '@tesserae/core';
import { encodeVectors, layerNorm, linear, tap, type VectorForm } from '@tesserae/core/nn';
import { embedPatches } from './encoder';
import type { BeatsRandomConfig } from './random-config';
import type { BeatsRandomParams } from './random-weights';

/** `encode` `{ bank: [B, frames, 128] }` → `{ ids, margins }` `[B, N]`, in order of time, then of frequency. */
export function randomFunctions(config: BeatsRandomConfig): Readonly<Record<string, ModelFunction<BeatsRandomParams>>> {
  const { norm, patchWidth } = config;
  const form: VectorForm = { normalizeQuery: norm === 'length', normalizeCodebook: norm === 'length' };
  return {
    encode: modelFunction(
      (p: BeatsRandomParams) => p,
      ({ patch, projection, codebook }, { bank }: { readonly bank: tf.Tensor3D }) => {
        const patches = embedPatches(bank, { patch }, config);
        const [batch, steps, bands] = patches.shape;
        const normed = normalized(tf.reshape(patches, [batch, steps * bands, patchWidth]));
        const projected = linear(normed, projection);
        const query = norm === 'layer' ? normalized(projected) : projected;
        return { ...encodeVectors(tap('projected', query), codebook, form) };
      },
    ),
  };
}

/** Mean 0 and variance 1, with nothing learned. */
function normalized(x: tf.Tensor): tf.Tensor {
  return layerNorm(x, { scale: tf.ones([x.shape.at(-1)!]) });
}
