import type * as tf from '@tensorflow/tfjs-core';
import { modelFunction, type ModelFunction } from '@tesserae/core';
import { tap } from '@tesserae/core/nn';
import type { SnacConfig } from './config';
import { decodeLevels, encodeLevels } from './levels';
import { decodeSnac, encodeSnac } from './network';
import type { SnacParams } from './weights';

type Functions = Readonly<Record<string, ModelFunction<SnacParams>>>;
type AudioInputs = { readonly audio: tf.Tensor3D };
type IdInputs = { readonly ids: tf.Tensor3D };
type NoiseInputs = Readonly<Record<string, tf.Tensor3D>>;

/** Name of the noise that a stage of the decoder takes. */
export function noiseInput(stage: number): string {
  return `noise${stage}`;
}

/**
 * A row of ids is one of the codes of a unit: see `rowsOf`.
 *
 * - `encode` `{ audio: [B, T, 1] }` → `{ ids, margins }` `[rows, B, units]`
 * - `latents` `{ audio }` → `{ latents: [B, F, D] }`, before the quantizer
 * - `codes` `{ ids: rows of all levels or of the first ones }` → `{ codes: [B, F, D] }`
 * - `decode` `{ ids, noise0: [B, T0, 1], noise1, … }` → `{ audio: [B, F * hop, 1] }`; `decode-quiet` takes ids only
 */
export function functions(config: SnacConfig): Functions {
  const encoder = ({ encoder: part, quantizers }: SnacParams) => ({ encoder: part, quantizers });
  const decoder = ({ quantizers, decoder: part }: SnacParams) => ({ quantizers, decoder: part });
  const lookup = (ids: tf.Tensor3D, quantizers: SnacParams['quantizers']) =>
    tap('codes', decodeLevels(ids, quantizers, config));
  return {
    encode: modelFunction(encoder, (p, { audio }: AudioInputs) =>
      encodeLevels(encodeSnac(audio, p.encoder, config), p.quantizers, config),
    ),
    latents: modelFunction(
      ({ encoder: part }: SnacParams) => ({ encoder: part }),
      (p, { audio }: AudioInputs) => ({ latents: encodeSnac(audio, p.encoder, config) }),
    ),
    codes: modelFunction(
      ({ quantizers }: SnacParams) => ({ quantizers }),
      (p, { ids }: IdInputs) => ({ codes: lookup(ids, p.quantizers) }),
    ),
    'decode-quiet': modelFunction(decoder, (p, { ids }: IdInputs) => ({
      audio: decodeSnac(lookup(ids, p.quantizers), p.decoder, config),
    })),
    decode: modelFunction(decoder, (p, { ids, ...noise }: IdInputs & NoiseInputs) => {
      const draws = config.noise
        ? config.network.decoderRates.map((_, stage) => (noise as NoiseInputs)[noiseInput(stage)]!)
        : undefined;
      return { audio: decodeSnac(lookup(ids, p.quantizers), p.decoder, config, draws) };
    }),
  };
}
