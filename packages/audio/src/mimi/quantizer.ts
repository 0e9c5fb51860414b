import * as tf from '@tensorflow/tfjs-core';
import { decodeLayers, encodeLayers, linear, lookup, nearest, type ResidualLayer } from '@tesserae/core/nn';
import type { MimiCodebookParams, MimiQuantizerParams, MimiResidualParams } from './weights';

/** Least count that a sum is divided by. */
const leastCount = 1e-5;

/**
 * `SplitResidualVectorQuantizer`: the semantic codebook and the acoustic ones quantize the same latents.
 *
 * @param latents - `[B, F, D]`, float32.
 * @param codebooks - To use, at least 1.
 * @returns `[codebooks, B, F]`, the semantic codebook first.
 */
export function encodeSplit(
  latents: tf.Tensor3D,
  { first, rest }: MimiQuantizerParams,
  codebooks: number,
): { readonly ids: tf.Tensor3D; readonly margins: tf.Tensor3D } {
  const steps = [
    ...quantize(latents, first, 1),
    ...(rest && codebooks > 1 ? quantize(latents, rest, codebooks - 1) : []),
  ];
  return {
    ids: tf.stack(steps.map((step) => step['ids']!)) as tf.Tensor3D,
    margins: tf.stack(steps.map((step) => step['margins']!)) as tf.Tensor3D,
  };
}

/**
 * Codes of all codebooks, added.
 *
 * @param ids - `[K, B, F]`, K at most the number of codebooks.
 * @returns `[B, F, D]`.
 */
export function decodeSplit(ids: tf.Tensor3D, { first, rest }: MimiQuantizerParams): tf.Tensor3D {
  const [semantic, ...acoustic] = tf.unstack(ids) as [tf.Tensor, ...tf.Tensor[]];
  const sum = dequantize([semantic], first);
  return rest && acoustic.length > 0 ? tf.add(sum, dequantize(acoustic, rest)) : sum;
}

function quantize(latents: tf.Tensor3D, { projectIn, codebooks }: MimiResidualParams, used: number) {
  return encodeLayers(linear(latents, projectIn), layersOf(codebooks.slice(0, used))).steps;
}

function dequantize(ids: readonly tf.Tensor[], { codebooks, projectOut }: MimiResidualParams): tf.Tensor3D {
  const codes = decodeLayers(ids, layersOf(codebooks.slice(0, ids.length)));
  return linear(tf.addN([...codes]), projectOut) as tf.Tensor3D;
}

function layersOf(codebooks: readonly MimiCodebookParams[]): readonly ResidualLayer[] {
  return codebooks.map(({ sums, counts }) => {
    const codes = tf.div(sums, tf.expandDims(tf.maximum(counts, leastCount), 1)) as tf.Tensor2D;
    return {
      encode: (residual) => {
        const found = nearest(residual, codes);
        return { ...found, codes: lookup(codes, found.ids) };
      },
      decode: (ids) => lookup(codes, ids),
    };
  });
}
