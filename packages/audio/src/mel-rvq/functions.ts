import * as tf from '@tensorflow/tfjs-core';
import { modelFunction, type ModelFunction } from '@tesserae/core';
import { residualEncodecQuantizer, tap } from '@tesserae/core/nn';
import type { MelRvqConfig } from './config';
import { decodeMel } from './decoder';
import { encodeMel } from './encoder';
import { type MelRvqParams, quantizerConfig } from './weights';

type Functions = Readonly<Record<string, ModelFunction<MelRvqParams>>>;
type AudioInputs = { readonly audio: tf.Tensor3D };
type IdInputs = { readonly ids: tf.Tensor3D };

/**
 * - `encode` `{ audio: [B, T, 1] }` → `{ ids, margins }` `[codebooks, B, F]`
 * - `latents` `{ audio }` → `{ latents: [B, F, D] }`, before the quantizer
 * - `codes` `{ ids: [codebooks or fewer, B, F] }` → `{ codes: [B, F, D] }`
 * - `decode` `{ ids: [codebooks or fewer, B, F] }` → `{ audio: [B, F * hop, 1] }`, -1..1
 */
export function functions(config: MelRvqConfig): Functions {
  const encoder = ({ encoder: part, quantizer }: MelRvqParams) => ({ encoder: part, quantizer });
  return {
    encode: modelFunction(encoder, (p, { audio }: AudioInputs) => {
      const latents = encodeMel(audio, p.encoder, config);
      const { ids, margins } = residualEncodecQuantizer.encode(latents, p.quantizer, quantizerConfig(config));
      return { ids: ids!, margins: margins! };
    }),
    latents: modelFunction(
      ({ encoder: part }: MelRvqParams) => ({ encoder: part }),
      (p, { audio }: AudioInputs) => ({ latents: encodeMel(audio, p.encoder, config) }),
    ),
    codes: modelFunction(
      ({ quantizer }: MelRvqParams) => ({ quantizer }),
      (p, { ids }: IdInputs) => ({ codes: lookup(ids, p.quantizer, config) }),
    ),
    decode: modelFunction(
      ({ quantizer, decoder }: MelRvqParams) => ({ quantizer, decoder }),
      (p, { ids }: IdInputs) => {
        const audio = decodeMel(tap('codes', lookup(ids, p.quantizer, config)), p.decoder, config);
        return { audio: tf.clipByValue(audio, -1, 1) };
      },
    ),
  };
}

function lookup(ids: tf.Tensor3D, quantizer: MelRvqParams['quantizer'], config: MelRvqConfig): tf.Tensor3D {
  return residualEncodecQuantizer.decode(ids, quantizer, quantizerConfig(config)) as tf.Tensor3D;
}
