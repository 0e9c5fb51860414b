/**
 * The raised cosine `0.5 - 0.5 cos(2 pi n / N)` in float64.
 *
 * @param length - Samples.
 * @param shape - `periodic` (default, N = length, as `torch.hann_window`) or `symmetric` (N = length - 1).
 */
export function hannWindow(length: number, shape: 'periodic' | 'symmetric' = 'periodic'): Float64Array {
  if (length === 1) return Float64Array.of(1);
  const period = shape === 'periodic' ? length : length - 1;
  return Float64Array.from({ length }, (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / period));
}

/** Kaldi's default window: the symmetric Hann window to the power of 0.85. */
export function poveyWindow(length: number): Float64Array {
  return hannWindow(length, 'symmetric').map((value) => value ** 0.85);
}

/** `numpy.hanning(length + 2)[1:-1]`: the symmetric Hann window without its zeros, as pystoi cuts frames. */
export function innerHannWindow(length: number): Float64Array {
  return hannWindow(length + 2, 'symmetric').slice(1, -1);
}

/**
 * Kaiser's window of a shape `beta` in float64, as `numpy.kaiser`.
 *
 * @param length - Samples, odd or even.
 */
export function kaiserWindow(length: number, beta: number): Float64Array {
  const middle = (length - 1) / 2;
  const peak = besselZero(beta);
  return Float64Array.from({ length }, (_, index) => {
    const offset = middle === 0 ? 0 : (index - middle) / middle;
    return besselZero(beta * Math.sqrt(Math.max(0, 1 - offset * offset))) / peak;
  });
}

/** Modified Bessel function of the first kind and order 0, by its power series. */
function besselZero(x: number): number {
  const quarter = (x * x) / 4;
  let term = 1;
  let sum = 1;
  for (let index = 1; term > sum * 1e-18; index++) {
    term *= quarter / (index * index);
    sum += term;
  }
  return sum;
}
