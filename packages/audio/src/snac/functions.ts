import type * as tf from '@tensorflow/tfjs-core';
import { modelFunction, type ModelFunction } from '@tesserae/core';
import { firstSteps, tap } from '@tesserae/core/nn';
import { encoderReach } from '../snake/reach';
import { encodeFunctions } from '../tokenizer/encode-windows';
import { type SnacConfig, unitFrames } from './config';
import { decodeLevels, encodeLevels } from './levels';
import { decodeSnac, encodeSnac } from './network';
import { reachFacts } from './reach-facts';
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
 * - `encode-start`, `encode-middle`, `encode-end`: the same of the windows of a long clip, without their context
 * - `latents` `{ audio }` → `{ latents: [B, F, D] }`, before the quantizer
 * - `codes` `{ ids: rows of all levels or of the first ones }` → `{ codes: [B, F, D] }`
 * - `decode` `{ ids, noise0: [B, T0, 1], noise1, … }` → `{ audio: [B, F * hop, 1] }`; `decode-quiet` takes ids only
 */
export function functions(config: SnacConfig): Functions {
  const encoder = ({ encoder: part, quantizers }: SnacParams) => ({ encoder: part, quantizers });
  const decoder = ({ quantizers, decoder: part }: SnacParams) => ({ quantizers, decoder: part });
  const unit = unitFrames(config);
  const reach = encoderReach(config.network, reachFacts(config));
  const encodeFunction = (left: number, right: number) =>
    modelFunction(encoder, (p, { audio }: AudioInputs) => {
      const latents = encodeSnac(audio, p.encoder, config);
      const own = firstSteps(latents, latents.shape[1] - (left + right) * unit, left * unit);
      return encodeLevels(own, p.quantizers, config);
    });
  const lookup = (ids: tf.Tensor3D, quantizers: SnacParams['quantizers']) =>
    tap('codes', decodeLevels(ids, quantizers, config));
  return {
    ...encodeFunctions(reach, encodeFunction),
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
