import * as tf from '@tensorflow/tfjs-core';
import { modelFunction, type ModelFunction } from '@tesserae/core';
import type { S3Config } from './config';
import { encodeSpectrum } from './encoder';
import { codesOf, quantize } from './quantizer';
import type { S3Params } from './weights';

type Functions = Readonly<Record<string, ModelFunction<S3Params>>>;
type SpectrumInputs = { readonly mel: tf.Tensor3D; readonly frames: tf.Tensor1D };
type IdInputs = { readonly ids: tf.Tensor3D };

/**
 * - `encode` `{ mel: [B, T, mels], frames: [B] }` → `{ ids, margins }` `[1, B, N]`; rows behind the end of an item have ids
 *   that mean nothing
 * - `latents`, of the same inputs → `{ latents: [B, N, width] }`, before the quantizer
 * - `codes` `{ ids: [1, B, N] }` → `{ codes: [B, N, width] }` (version 1) or `[B, N, 8]` of -1, 0 and 1
 */
export function functions(config: S3Config): Functions {
  return {
    latents: modelFunction(
      ({ encoder }: S3Params) => ({ encoder }),
      (p, { mel, frames }: SpectrumInputs) => ({ latents: encodeSpectrum(mel, frames, p.encoder, config) }),
    ),
    encode: modelFunction(
      ({ encoder, quantizer }: S3Params) => ({ encoder, quantizer }),
      (p, { mel, frames }: SpectrumInputs) => {
        const { ids, margins } = quantize(encodeSpectrum(mel, frames, p.encoder, config), p.quantizer);
        return { ids: tf.expandDims(ids, 0), margins: tf.expandDims(margins, 0) };
      },
    ),
    codes: modelFunction(
      ({ quantizer }: S3Params) => ({ quantizer }),
      (p, { ids }: IdInputs) => ({ codes: codesOf(tf.squeeze(ids, [0]), p.quantizer) }),
    ),
  };
}
