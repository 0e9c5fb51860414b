/** Sizes of the encoder and the decoder that DAC and SNAC share. */
export interface SnakeConfig {
  /** Width of the first convolution; doubled by every stage (`encoder_dim`). */
  readonly encoderWidth: number;
  /** Strides of the stages, outermost first. */
  readonly encoderRates: readonly number[];
  /** Width of the latents (`latent_dim`). */
  readonly latentWidth: number;
  /** Width behind the first convolution of the decoder; halved by every stage (`decoder_dim`). */
  readonly decoderWidth: number;
  /** Strides of the stages, innermost first. */
  readonly decoderRates: readonly number[];
}

/** Steps between the taps of the three residual units of every stage. */
export const unitDilations = [1, 3, 9] as const;

/** Taps of the first convolution of a residual unit, and of the convolutions at both ends. */
export const unitKernel = 7;

/** Samples a frame. */
export function hopLength({ encoderRates }: Pick<SnakeConfig, 'encoderRates'>): number {
  return encoderRates.reduce((product, rate) => product * rate, 1);
}

/** Zeros on each side of a strided convolution, and steps that a transposed one loses there. */
export function strideTrim(stride: number): number {
  return Math.ceil(stride / 2);
}
