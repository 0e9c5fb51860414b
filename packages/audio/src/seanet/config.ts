import type { TimePadding } from '@tesserae/core/nn';

/** How the convolutions of a SEANet are normalized. */
export type SeanetNorm = 'weight_norm' | 'time_group_norm' | 'none';

/** Sizes of the convolutional encoder and decoder of EnCodec (arXiv 2210.13438, section 3.1), shared by its descendants. */
export interface SeanetConfig {
  /** Of the waveform. */
  readonly channels: number;
  /** Width of the latents. */
  readonly dimension: number;
  /** Width of the first layer, doubled at each stage. */
  readonly filters: number;
  readonly residualLayers: number;
  /** Up-sampling of the decoder's stages in order; the encoder runs them backwards. */
  readonly ratios: readonly number[];
  readonly kernelSize: number;
  readonly lastKernelSize: number;
  readonly residualKernelSize: number;
  /** The dilation of residual layer j is this to the power of j. */
  readonly dilationBase: number;
  readonly causal: boolean;
  readonly padding: TimePadding;
  /** Residual blocks add their input itself instead of a 1x1 convolution of it. */
  readonly trueSkip: boolean;
  /** Hidden width of residual blocks: the width divided by this. */
  readonly compress: number;
  /** 0 = none. */
  readonly lstmLayers: number;
  readonly norm: SeanetNorm;
  /** Share of the padding of causal transposed convolutions that is cut off at the end. */
  readonly trimRightRatio: number;
}

/** The defaults of the official classes. */
export const seanetDefaults: SeanetConfig = {
  channels: 1,
  dimension: 128,
  filters: 32,
  residualLayers: 1,
  ratios: [8, 5, 4, 2],
  kernelSize: 7,
  lastKernelSize: 7,
  residualKernelSize: 3,
  dilationBase: 2,
  causal: false,
  padding: 'reflect',
  trueSkip: false,
  compress: 2,
  lstmLayers: 2,
  norm: 'weight_norm',
  trimRightRatio: 1,
};

/** Samples per frame of latents. */
export function hopLength({ ratios }: SeanetConfig): number {
  return ratios.reduce((product, ratio) => product * ratio, 1);
}
