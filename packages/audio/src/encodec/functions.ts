import type * as tf from '@tensorflow/tfjs-core';
import { modelFunction, type ModelFunction } from '@tesserae/core';
import { residualEncodecQuantizer, tap } from '@tesserae/core/nn';
import { decodeSeanet } from '../seanet/decoder';
import { encodeSeanet } from '../seanet/encoder';
import { decodeSeanetPart, encodeSeanetPart, type StreamPart, type StreamState } from '../seanet/stream';
import { bandwidthsOf, canStreamDecode, canStreamEncode, type EncodecConfig } from './config';
import { type EncodecParams, quantizerConfig } from './weights';

type Functions = Readonly<Record<string, ModelFunction<EncodecParams>>>;
type AudioInputs = { readonly audio: tf.Tensor3D };
type IdInputs = { readonly ids: tf.Tensor3D };

/** Name of the model function that encodes with some codebooks. */
export function encodeFunction(codebooks: number): string {
  return `encode-${codebooks}`;
}

/**
 * Loudness and segments are the tokenizer's business: audio here is what the network sees.
 *
 * - `encode-K`, K the codebooks of a published bandwidth: `{ audio: [B, T, channels] }` → `{ ids, margins }` `[K, B, F]`;
 *   `encode` takes all of them
 * - `encode-K-start`, `-middle`, `-end` (whole-clip models): the same of the windows of a stream
 * - `latents` `{ audio }` → `{ latents: [B, F, D] }`; `codes` `{ ids: [K, B, F] }` → `{ codes: [B, F, D] }`
 * - `decode` `{ ids: [K, B, F] }` → `{ audio: [B, F * hop, channels] }`
 * - `decode-start`, `decode-middle` (causal models): the same of the windows of a stream
 */
export function functions(config: EncodecConfig): Functions {
  const counts = [...new Set([...bandwidthsOf(config).values(), config.codebooks])];
  return {
    ...decoderFunctions(config),
    latents: modelFunction(
      ({ encoder }: EncodecParams) => ({ encoder }),
      (p, { audio }: AudioInputs) => ({ latents: encodeSeanet(audio, p.encoder, config.seanet) }),
    ),
    ...Object.fromEntries(
      counts.flatMap((count) => Object.entries(encoderFunctions(config, encodeFunction(count), count))),
    ),
    ...encoderFunctions(config, 'encode', config.codebooks),
  };
}

function encoderFunctions(config: EncodecConfig, name: string, codebooks: number): Functions {
  const select = ({ encoder, quantizer }: EncodecParams) => ({
    encoder,
    quantizer: { layers: quantizer.layers.slice(0, codebooks) },
  });
  const quantize = (latents: tf.Tensor3D, quantizer: EncodecParams['quantizer']) => {
    const { ids, margins } = residualEncodecQuantizer.encode(latents, quantizer, quantizerConfig(config, codebooks));
    return { ids: ids!, margins: margins! };
  };
  const parts: readonly StreamPart[] = canStreamEncode(config) ? ['start', 'middle', 'end'] : [];
  return {
    [name]: modelFunction(select, (p, { audio }: AudioInputs) =>
      quantize(encodeSeanet(audio, p.encoder, config.seanet), p.quantizer),
    ),
    ...Object.fromEntries(
      parts.map((part) => [
        `${name}-${part}`,
        modelFunction(select, (p, inputs: AudioInputs & StreamState) => {
          const { latents, ...state } = encodeSeanetPart(inputs, p.encoder, config.seanet, part);
          return { ...quantize(latents, p.quantizer), ...state };
        }),
      ]),
    ),
  };
}

function decoderFunctions(config: EncodecConfig): Functions {
  const select = ({ decoder, quantizer }: EncodecParams) => ({ decoder, quantizer });
  const lookup = (ids: tf.Tensor3D, quantizer: EncodecParams['quantizer']) =>
    tap('codes', residualEncodecQuantizer.decode(ids, quantizer, quantizerConfig(config)) as tf.Tensor3D);
  const parts = canStreamDecode(config) ? (['start', 'middle'] as const) : [];
  return {
    codes: modelFunction(
      ({ quantizer }: EncodecParams) => ({ quantizer }),
      (p, { ids }: IdInputs) => ({ codes: lookup(ids, p.quantizer) }),
    ),
    decode: modelFunction(select, (p, { ids }: IdInputs) => ({
      audio: decodeSeanet(lookup(ids, p.quantizer), p.decoder, config.seanet),
    })),
    ...Object.fromEntries(
      parts.map((part) => [
        `decode-${part}`,
        modelFunction(select, (p, { ids, ...state }: IdInputs & StreamState) =>
          decodeSeanetPart(lookup(ids, p.quantizer), state, p.decoder, config.seanet, part),
        ),
      ]),
    ),
  };
}
