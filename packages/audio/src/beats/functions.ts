import type * as tf from '@tensorflow/tfjs-core';
import { modelFunction, type ModelFunction } from '@tesserae/core';
import { l2Normalize, lookup, nearest, tap } from '@tesserae/core/nn';
import type { BeatsConfig } from './config';
import { encodeBank } from './encoder';
import type { BeatsParams } from './weights';

type BankInputs = { readonly bank: tf.Tensor3D; readonly padding?: tf.Tensor2D };

/**
 * - `encode` `{ bank: [B, frames, 128], padding?: [B, N] }` → `{ ids, margins }` `[B, N]`, in order of time, then of
 *   frequency; `padding` is 1 where a patch of a batch is nothing but padding
 * - `latents` `{ bank, padding? }` → `{ latents: [B, N, D] }`, before the quantizer
 * - `codes` `{ ids: [B, N] }` → `{ codes: [B, N, D] }`
 */
export function functions(config: BeatsConfig): Readonly<Record<string, ModelFunction<BeatsParams>>> {
  return {
    encode: modelFunction(
      (p: BeatsParams) => p,
      ({ encoder, codebook }, { bank, padding }: BankInputs) => {
        // Directions are compared with codes as they are stored.
        const unit = tap('latents.unit', l2Normalize(encodeBank(bank, padding, encoder, config)));
        return { ...nearest(unit, codebook) };
      },
    ),
    latents: modelFunction(
      ({ encoder }: BeatsParams) => ({ encoder }),
      ({ encoder }, { bank, padding }: BankInputs) => ({ latents: encodeBank(bank, padding, encoder, config) }),
    ),
    codes: modelFunction(
      ({ codebook }: BeatsParams) => ({ codebook }),
      ({ codebook }, { ids }: { readonly ids: tf.Tensor2D }) => ({ codes: lookup(codebook, ids) }),
    ),
  };
}
