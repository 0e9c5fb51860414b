import * as tf from '@tensorflow/tfjs-core';
import { modelFunction, type ModelFunction } from '@tesserae/core';
import { residualFactorizedQuantizer, tap } from '@tesserae/core/nn';
import type { DacConfig } from './config';
import { decodeDac, encodeDac } from './network';
import { decodeUnpadded } from './unpadded';
import { type DacParams, quantizerConfig } from './weights';

type Functions = Readonly<Record<string, ModelFunction<DacParams>>>;
type AudioInputs = { readonly audio: tf.Tensor3D };
type IdInputs = { readonly ids: tf.Tensor3D };

/**
 * - `encode` `{ audio: [B, T, 1] }` → `{ ids, margins }` `[codebooks, B, F]`
 * - `latents` `{ audio }` → `{ latents: [B, F, D] }`, before the quantizer
 * - `codes` `{ ids: [codebooks or fewer, B, F] }` → `{ codes: [B, F, D] }`
 * - `decode` `{ ids: [codebooks or fewer, B, F] }` → `{ audio: [B, T, 1] }`
 * - `decode-unpadded`: the same of a chunk of a `.dac` file, without padding
 */
export function functions(config: DacConfig): Functions {
  const { network } = config;
  const encoder = ({ encoder: part, quantizer }: DacParams) => ({ encoder: part, quantizer });
  const decodeFunction = (decode: typeof decodeDac) =>
    modelFunction(
      ({ quantizer, decoder }: DacParams) => ({ quantizer, decoder }),
      (p, { ids }: IdInputs) => ({
        audio: decode(tap('codes', lookup(ids, p.quantizer, config)), p.decoder, network),
      }),
    );
  return {
    encode: modelFunction(encoder, (p, { audio }: AudioInputs) =>
      quantize(encodeDac(audio, p.encoder, network), p.quantizer, config),
    ),
    latents: modelFunction(
      ({ encoder: part }: DacParams) => ({ encoder: part }),
      (p, { audio }: AudioInputs) => ({ latents: encodeDac(audio, p.encoder, network) }),
    ),
    codes: modelFunction(
      ({ quantizer }: DacParams) => ({ quantizer }),
      (p, { ids }: IdInputs) => ({ codes: lookup(ids, p.quantizer, config) }),
    ),
    decode: decodeFunction(decodeDac),
    'decode-unpadded': decodeFunction(decodeUnpadded),
  };
}

/** Ids with the axis of codebooks in front. */
function quantize(latents: tf.Tensor3D, quantizer: DacParams['quantizer'], config: DacConfig) {
  const found = residualFactorizedQuantizer.encode(latents, quantizer, quantizerConfig(config));
  tap('quantizer.projected', found['projected'] as tf.Tensor3D);
  return { ids: tf.transpose(found.ids!, [1, 0, 2]), margins: tf.transpose(found.margins!, [1, 0, 2]) };
}

function lookup(ids: tf.Tensor3D, quantizer: DacParams['quantizer'], config: DacConfig): tf.Tensor3D {
  const batchFirst = tf.transpose(ids, [1, 0, 2]);
  return residualFactorizedQuantizer.decode(batchFirst, quantizer, quantizerConfig(config)) as tf.Tensor3D;
}
