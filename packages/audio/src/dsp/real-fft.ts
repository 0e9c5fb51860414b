import { complexFft } from './complex-fft';

/** A discrete Fourier transform of real signals, in float64. */
export interface RealFft {
  readonly size: number;
  /** `floor(size / 2) + 1`. */
  readonly bins: number;
  /**
   * The first half of the spectrum, without scaling.
   *
   * @param samples - `[size]`; not changed.
   * @param real - Receives `[bins]`.
   * @param imaginary - Receives `[bins]`.
   */
  forward(samples: Float64Array, real: Float64Array, imaginary: Float64Array): void;
  /**
   * The signal of a half spectrum, divided by `size`; imaginary parts of the constant and (even sizes) the Nyquist bin
   * are ignored, as `torch.fft.irfft` does.
   *
   * @param real - `[bins]`; not changed.
   * @param imaginary - `[bins]`; not changed.
   * @param samples - Receives `[size]`.
   */
  inverse(real: Float64Array, imaginary: Float64Array, samples: Float64Array): void;
}

const plans = new Map<number, RealFft>();
const plansKept = 16;

/**
 * The transform of one size; plans of the last sizes are kept. Even sizes cost a complex transform of half the size.
 *
 * @param size - Whole number of at least 1.
 * @throws {InputError} The size is no such number.
 */
export function realFft(size: number): RealFft {
  const known = plans.get(size);
  if (known) return known;
  const plan = size % 2 === 0 ? evenFft(size) : oddFft(size);
  const oldest = plans.keys().next();
  if (plans.size >= plansKept && !oldest.done) plans.delete(oldest.value);
  plans.set(size, plan);
  return plan;
}

/** Even and odd samples become the two parts of one complex signal of half the length. */
function evenFft(size: number): RealFft {
  const half = size / 2;
  const { transform } = complexFft(half);
  const partReal = new Float64Array(half);
  const partImaginary = new Float64Array(half);
  const cosines = Float64Array.from({ length: half + 1 }, (_, bin) => Math.cos((2 * Math.PI * bin) / size));
  const sines = Float64Array.from({ length: half + 1 }, (_, bin) => Math.sin((2 * Math.PI * bin) / size));
  return {
    size,
    bins: half + 1,
    forward(samples, real, imaginary) {
      for (let index = 0; index < half; index++) {
        partReal[index] = samples[2 * index]!;
        partImaginary[index] = samples[2 * index + 1]!;
      }
      transform(partReal, partImaginary);
      for (let bin = 0; bin <= half; bin++) {
        const here = bin % half;
        const mirror = (half - bin) % half;
        const evenReal = (partReal[here]! + partReal[mirror]!) / 2;
        const evenImaginary = (partImaginary[here]! - partImaginary[mirror]!) / 2;
        const oddReal = (partImaginary[here]! + partImaginary[mirror]!) / 2;
        const oddImaginary = (partReal[mirror]! - partReal[here]!) / 2;
        const cosine = cosines[bin]!;
        const sine = sines[bin]!;
        real[bin] = evenReal + oddReal * cosine + oddImaginary * sine;
        imaginary[bin] = evenImaginary + oddImaginary * cosine - oddReal * sine;
      }
    },
    inverse(real, imaginary, samples) {
      const edge = (values: Float64Array, bin: number) => (bin === 0 || bin === half ? 0 : values[bin]!);
      for (let bin = 0; bin < half; bin++) {
        const mirror = half - bin;
        const evenReal = real[bin]! + real[mirror]!;
        const evenImaginary = edge(imaginary, bin) - edge(imaginary, mirror);
        const differenceReal = real[bin]! - real[mirror]!;
        const differenceImaginary = edge(imaginary, bin) + edge(imaginary, mirror);
        const oddReal = differenceReal * cosines[bin]! - differenceImaginary * sines[bin]!;
        const oddImaginary = differenceReal * sines[bin]! + differenceImaginary * cosines[bin]!;
        // The conjugate goes in, so that the forward transform computes the inverse.
        partReal[bin] = evenReal - oddImaginary;
        partImaginary[bin] = -(evenImaginary + oddReal);
      }
      transform(partReal, partImaginary);
      for (let index = 0; index < half; index++) {
        samples[2 * index] = partReal[index]! / size;
        samples[2 * index + 1] = -partImaginary[index]! / size;
      }
    },
  };
}

function oddFft(size: number): RealFft {
  const { transform } = complexFft(size);
  const bins = (size + 1) / 2;
  const wholeReal = new Float64Array(size);
  const wholeImaginary = new Float64Array(size);
  return {
    size,
    bins,
    forward(samples, real, imaginary) {
      wholeReal.set(samples);
      wholeImaginary.fill(0);
      transform(wholeReal, wholeImaginary);
      real.set(wholeReal.subarray(0, bins));
      imaginary.set(wholeImaginary.subarray(0, bins));
    },
    inverse(real, imaginary, samples) {
      wholeReal[0] = real[0]!;
      wholeImaginary[0] = 0;
      for (let bin = 1; bin < bins; bin++) {
        wholeReal[bin] = wholeReal[size - bin] = real[bin]!;
        wholeImaginary[bin] = -imaginary[bin]!;
        wholeImaginary[size - bin] = imaginary[bin]!;
      }
      transform(wholeReal, wholeImaginary);
      for (let index = 0; index < size; index++) samples[index] = wholeReal[index]! / size;
    },
  };
}
