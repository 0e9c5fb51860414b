import * as tf from '@tensorflow/tfjs-core';
import type { WeightMap } from '../checkpoint/weight-map';
import type { Host } from '../checkpoint/weight-recipe';
import { linear } from '../nn/linear';
import {
  bitSigns,
  bitsOfGroupIds,
  bitsOfIds,
  groupIds,
  idsOfBits,
  largestIdBits,
  signBits,
  type BitOrder,
} from './bits';
import {
  leaveCodebookAxis,
  mergeCodebooks,
  project,
  projectionWeights,
  rotate,
  splitCodebooks,
  withCodebookAxis,
  type CodebookLayout,
  type Projections,
} from './codebook-layout';
import { l2Normalize } from './nearest';
import type { QuantizedVectors } from './quantizer';

/** Lookup-free quantization (MAGVIT-2, arXiv 2310.05737) in all its published forms: every channel becomes a sign. */
export interface BinaryForm extends CodebookLayout {
  readonly order: BitOrder;
  /** Codes are `±scale`. */
  readonly scale: number;
  /** Vectors are first bent to `c · tanh(x / c)`. */
  readonly softClamp?: number;
  /** Vectors and codes have length `scale` (binary spherical quantization, arXiv 2406.07548). */
  readonly spherical: boolean;
  /** Turn the vectors of every codebook by an orthogonal matrix before, and back after. */
  readonly orthogonalRotation: boolean;
  /** The map in front gives this times the cosine of vectors and columns. */
  readonly cosineProjection?: number;
  /**
   * Bits of each id where the bits of a token are cut another way for autoregressive models (`token_factorization`):
   * those of one codebook, or of all codebooks where `joinsCodebooks`.
   */
  readonly slices?: readonly number[];
  readonly joinsCodebooks?: boolean;
}

export interface BinaryParams extends Projections {
  /** `[d, d]`. */
  readonly rotation?: tf.Tensor2D;
}

export interface QuantizedBits {
  /** `[..., C, d]`: what was quantized. */
  readonly latents: tf.Tensor;
  /** Same shape, int32 0 or 1. */
  readonly bits: tf.Tensor;
  /** Same shape, before rotation and projection back. */
  readonly codes: tf.Tensor;
}

/** The absolute value of every component of a code. */
export function codeAmplitude({ spherical, scale, codebookDim }: BinaryForm): number {
  return spherical ? scale / Math.sqrt(codebookDim) : scale;
}

/** Projections, rotation; the buffer `mask` of lucidrains' modules is ignored. */
export function binaryWeights(map: WeightMap, form: BinaryForm): Host<BinaryParams> {
  const { dim, codebookDim, codebooks, orthogonalRotation, cosineProjection, hasProjections } = form;
  map.ignore('mask');
  const projections = projectionWeights(map, form);
  const cosine = () => ({
    kernel: map.tensor('project_in.weight', [dim, codebooks * codebookDim], { role: 'kernel' }),
  });
  return {
    ...projections,
    ...(hasProjections && cosineProjection !== undefined ? { projectIn: cosine() } : {}),
    ...(orthogonalRotation ? { rotation: map.tensor('orthogonal_rot', [codebookDim, codebookDim]) } : {}),
  } as Host<BinaryParams>;
}

/**
 * Projects in, bends, turns and takes signs.
 *
 * @param z - `[..., dim]`.
 * @param sign - Default {@link signBits}; training passes one without gradient.
 * @throws {ShapeError} The last axis has another length.
 */
export function quantizeBits(
  z: tf.Tensor,
  params: BinaryParams,
  form: BinaryForm,
  sign: (x: tf.Tensor) => tf.Tensor = signBits,
): QuantizedBits {
  const { softClamp, spherical, scale } = form;
  const projected = projectIn(z, params, form);
  const bent = softClamp === undefined ? projected : tf.mul(tf.tanh(tf.div(projected, softClamp)), softClamp);
  const turned = rotate(splitCodebooks(bent, form, 'lfq'), params.rotation);
  const latents = spherical ? tf.mul(l2Normalize(turned), scale) : turned;
  const bits = sign(latents);
  return { latents, bits, codes: bitSigns(bits, codeAmplitude(form)) };
}

/** Codes `[..., C, d]` to the vectors that leave, `[..., dim]`. */
export function vectorsOfSigns(codes: tf.Tensor, params: BinaryParams): tf.Tensor {
  return project(mergeCodebooks(rotate(codes, params.rotation, true)), params.projectOut);
}

/** Whether tokens are ids: otherwise a codebook has more than 31 bits, and tokens are bits, `[..., C · d]`. */
function hasIds({ codebookDim, slices }: BinaryForm): boolean {
  return slices !== undefined || codebookDim <= largestIdBits;
}

/**
 * Ids of bits `[..., C, d]`: `[...]`, or `[..., C]` with several codebooks; cut another way, one axis more for the slices
 * (and none for codebooks that are joined).
 */
function idsOfCodebookBits(bits: tf.Tensor, form: BinaryForm): tf.Tensor {
  const { order, slices, joinsCodebooks } = form;
  if (!slices) return leaveCodebookAxis(idsOfBits(bits, order), form);
  if (joinsCodebooks) return groupIds(mergeCodebooks(bits), slices, order);
  const ids = groupIds(bits, slices, order);
  return form.keepsCodebookAxis ? ids : tf.squeeze(ids, [-2]);
}

/** {@link idsOfCodebookBits} where the form has ids. */
export function idsWhereTheyFit(bits: tf.Tensor, form: BinaryForm): { readonly ids?: tf.Tensor } {
  return hasIds(form) ? { ids: idsOfCodebookBits(bits, form) } : {};
}

/** The inverse of {@link idsOfCodebookBits}: bits `[..., C, d]`. */
export function codebookBitsOfIds(ids: tf.Tensor, form: BinaryForm): tf.Tensor {
  const { order, slices, joinsCodebooks, codebookDim, keepsCodebookAxis } = form;
  if (!slices) return bitsOfIds(withCodebookAxis(ids, form), codebookDim, order);
  if (joinsCodebooks) return splitCodebooks(bitsOfGroupIds(ids, slices, order), form, 'lfq');
  return bitsOfGroupIds(keepsCodebookAxis ? ids : tf.expandDims(ids, -2), slices, order);
}

/** Encodes a form: ids where they fit, bits `[..., C · d]`, codes, and the smallest absolute value of each codebook. */
export function encodeBinary(z: tf.Tensor, params: BinaryParams, form: BinaryForm): QuantizedVectors {
  return tf.tidy(() => {
    const { latents, bits, codes } = quantizeBits(z, params, form);
    return {
      ...idsWhereTheyFit(bits, form),
      bits: mergeCodebooks(bits),
      codes: vectorsOfSigns(codes, params),
      margins: leaveCodebookAxis(tf.min(tf.abs(latents), -1), form),
    };
  });
}

/** Vectors of ids, or of bits where a form has no ids. */
export function decodeBinary(tokens: tf.Tensor, params: BinaryParams, form: BinaryForm): tf.Tensor {
  return tf.tidy(() => {
    const bits = hasIds(form) ? codebookBitsOfIds(tokens, form) : splitCodebooks(tokens, form, 'lfq');
    return vectorsOfSigns(bitSigns(bits, codeAmplitude(form)), params);
  });
}

function projectIn(
  z: tf.Tensor,
  { projectIn: layer }: BinaryParams,
  { cosineProjection: scale }: BinaryForm,
): tf.Tensor {
  if (scale === undefined || !layer) return project(z, layer);
  const columns = tf.transpose(l2Normalize(tf.transpose(layer.kernel))) as tf.Tensor2D;
  return tf.mul(linear(l2Normalize(z), { kernel: columns }), scale);
}
