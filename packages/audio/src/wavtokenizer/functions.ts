import * as tf from '@tensorflow/tfjs-core';
import { modelFunction, type ModelFunction } from '@tesserae/core';
import { decodeVectors, encodeVectors, tap } from '@tesserae/core/nn';
import { encodeSeanet } from '../seanet/encoder';
import { canStream } from '../seanet/reach';
import { encodeSeanetPart, type StreamPart, type StreamState } from '../seanet/stream';
import { decodeBackbone } from './backbone';
import type { WavtokenizerConfig } from './config';
import { decodeHead } from './head';
import type { WavtokenizerParams } from './weights';

type Functions = Readonly<Record<string, ModelFunction<WavtokenizerParams>>>;
type AudioInputs = { readonly audio: tf.Tensor3D };
type IdInputs = { readonly ids: tf.Tensor3D };

/**
 * - `encode` `{ audio: [B, T, 1] }` → `{ ids, margins }` `[1, B, F]`
 * - `encode-start`, `encode-middle`, `encode-end`: the same of the windows of a stream; state goes in and comes out
 * - `latents` `{ audio }` → `{ latents: [B, F, D] }`, before the quantizer
 * - `codes` `{ ids: [1, B, F] }` → `{ codes: [B, F, D] }`
 * - `decode` `{ ids: [1, B, F], condition?: [1] }` → `{ audio: [B, F * hop, 1] }`
 */
export function functions(config: WavtokenizerConfig): Functions {
  const encoder = ({ encoder: part, codebook }: WavtokenizerParams) => ({ encoder: part, codebook });
  const parts: readonly StreamPart[] = canStream(config.encoder) ? ['start', 'middle', 'end'] : [];
  return {
    latents: modelFunction(
      ({ encoder: part }: WavtokenizerParams) => ({ encoder: part }),
      (p, { audio }: AudioInputs) => ({ latents: encodeSeanet(audio, p.encoder, config.encoder) }),
    ),
    encode: modelFunction(encoder, (p, { audio }: AudioInputs) =>
      quantize(encodeSeanet(audio, p.encoder, config.encoder), p.codebook),
    ),
    ...Object.fromEntries(
      parts.map((part) => [
        `encode-${part}`,
        modelFunction(encoder, (p, inputs: AudioInputs & StreamState) => {
          const { latents, ...state } = encodeSeanetPart(inputs, p.encoder, config.encoder, part);
          return { ...quantize(tap('encoder.latents', latents), p.codebook), ...state };
        }),
      ]),
    ),
    codes: modelFunction(
      ({ codebook }: WavtokenizerParams) => ({ codebook }),
      (p, { ids }: IdInputs) => ({ codes: lookup(ids, p.codebook) }),
    ),
    decode: modelFunction(
      ({ codebook, backbone, head }: WavtokenizerParams) => ({ codebook, backbone, head }),
      (p, { ids, condition }: IdInputs & { readonly condition?: tf.Tensor1D }) => {
        const features = decodeBackbone(tap('codes', lookup(ids, p.codebook)), condition, p.backbone, config.backbone);
        return { audio: tf.expandDims(decodeHead(features, p.head, config.head), 2) };
      },
      // Of whole clips, however long.
      { memory: 'returned' },
    ),
  };
}

/** Ids with an axis of one codebook in front, as the official code has it. */
function quantize(latents: tf.Tensor3D, codebook: tf.Tensor2D) {
  const { ids, margins } = encodeVectors(latents, codebook);
  return { ids: tf.expandDims(ids, 0), margins: tf.expandDims(margins, 0) };
}

function lookup(ids: tf.Tensor3D, codebook: tf.Tensor2D): tf.Tensor3D {
  return decodeVectors(tf.squeeze(ids, [0]), codebook) as tf.Tensor3D;
}
