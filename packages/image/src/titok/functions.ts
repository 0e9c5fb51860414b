import * as tf from '@tensorflow/tfjs-core';
import { modelFunction, type ModelFunction } from '@tesserae/core';
import {
  decodeVectors,
  encodeVectors,
  gaussianPosterior,
  l2Normalize,
  samplePosterior,
  tap,
  unitVectors,
  type VectorForm,
} from '@tesserae/core/nn';
import type { TitokConfig } from './config';
import { decodeImage, decodeLogits } from './decoder';
import { encodeLatents } from './encoder';
import type { TitokParams } from './weights';

type Functions = Readonly<Record<string, ModelFunction<TitokParams>>>;
type ImageInputs = { readonly image: tf.Tensor4D };
type CodeInputs = { readonly codes: tf.Tensor3D };
type IdInputs = { readonly ids: tf.Tensor2D };

/**
 * - `encode` `{ image }` → `{ ids, margins }`, or `{ mean, logVariance }` of a Gaussian
 * - `encodeSample` (Gaussian) `{ image, noise }` → `{ codes }`
 * - `latents` `{ image }` → `{ latents }`, before the quantizer
 * - `codes` `{ ids }` → `{ codes }`
 * - `decode` `{ ids }` or (Gaussian) `{ codes }` → `{ image }`; `decodeCodes` `{ codes }` → `{ image }`
 * - `logits`, `logitsOfCodes`: the same up to the MaskGIT-VQGAN logits of legacy models
 */
export function functions(config: TitokConfig): Functions {
  return { ...encoderFunctions(config), ...decoderFunctions(config) };
}

function encoderFunctions(config: TitokConfig): Functions {
  const latents = modelFunction(
    ({ encoder }: TitokParams) => ({ encoder }),
    (p, { image }: ImageInputs) => ({ latents: encodeLatents(image, p.encoder, config) }),
  );
  if (config.quantizeMode === 'vae') {
    const select = ({ encoder }: TitokParams) => ({ encoder });
    return {
      latents,
      encode: modelFunction(select, (p, { image }: ImageInputs) => ({
        ...gaussianPosterior(encodeLatents(image, p.encoder, config)),
      })),
      encodeSample: modelFunction(select, (p, { image, noise }: ImageInputs & { readonly noise: tf.Tensor3D }) => ({
        mean: samplePosterior(gaussianPosterior(encodeLatents(image, p.encoder, config)), noise),
      })),
    };
  }
  return {
    latents,
    encode: modelFunction(
      ({ encoder, codebook }: TitokParams) => ({ encoder, codebook }),
      (p, { image }: ImageInputs) => {
        const z = tap('z', encodeLatents(image, p.encoder, config));
        const codes = encodeVectors(z, p.codebook!, vectorForm(config));
        tap('zq', straightThrough(z, codes.ids, p.codebook!, config));
        return { ...codes };
      },
    ),
    codes: modelFunction(
      ({ codebook }: TitokParams) => ({ codebook }),
      (p, { ids }: IdInputs) => ({ codes: decodeVectors(ids, p.codebook!, vectorForm(config)) }),
    ),
  };
}

function vectorForm({ useL2Norm }: TitokConfig): VectorForm {
  return useL2Norm ? unitVectors : {};
}

/** What the official encoder hands on: `z + (q - z)`, which differs from q by rounding. Dead code unless tapped. */
function straightThrough(z: tf.Tensor, ids: tf.Tensor, codebook: tf.Tensor2D, config: TitokConfig): tf.Tensor {
  return tf.tidy(() => {
    const q = decodeVectors(ids, codebook, vectorForm(config));
    const from = config.useL2Norm ? l2Normalize(z) : z;
    return tf.add(from, tf.sub(q, from));
  });
}

function decoderFunctions(config: TitokConfig): Functions {
  const { quantizeMode, legacy, pixelDecoder } = config;
  const vq = quantizeMode === 'vq';
  const pixels = ({ decoder, pixels: part }: TitokParams) => ({ decoder, ...(part && { pixels: part }) });
  const lookup = (ids: tf.Tensor, codebook: tf.Tensor2D) =>
    decodeVectors(ids, codebook, vectorForm(config)) as tf.Tensor3D;
  const logits: Functions = legacy
    ? {
        logitsOfCodes: modelFunction(
          ({ decoder }: TitokParams) => ({ decoder }),
          (p, { codes }: CodeInputs) => ({ logits: decodeLogits(codes, p.decoder, config) }),
        ),
        ...(vq && {
          logits: modelFunction(
            ({ decoder, codebook }: TitokParams) => ({ decoder, codebook }),
            (p, { ids }: IdInputs) => {
              const result = decodeLogits(lookup(ids, p.codebook!), p.decoder, config);
              return { logits: result, vqganIds: tf.argMax(result, -1) };
            },
          ),
        }),
      }
    : {};
  if (legacy && !pixelDecoder) return logits;
  const decodeCodes = modelFunction(pixels, (p, { codes }: CodeInputs) => ({ image: decodeImage(codes, p, config) }));
  if (!vq) return { ...logits, decodeCodes, decode: decodeCodes };
  return {
    ...logits,
    decodeCodes,
    decode: modelFunction(
      (params: TitokParams) => ({ ...pixels(params), codebook: params.codebook }),
      (p, { ids }: IdInputs) => ({ image: decodeImage(lookup(ids, p.codebook!), p, config) }),
    ),
  };
}
