/** The standard normal distribution in double precision. */

/** Density at `x`. */
export function normalDensity(x: number): number {
  return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
}

/** Probability of a value below `x`. */
export function normalCumulative(x: number): number {
  return x < 0 ? 0.5 * complementaryErf(-x / Math.SQRT2) : 1 - 0.5 * complementaryErf(x / Math.SQRT2);
}

/**
 * The value below which a share `p` lies.
 *
 * @param p - 0..1; 0 and 1 give -∞ and ∞.
 */
export function normalQuantile(p: number): number {
  if (p <= 0) return Number.NEGATIVE_INFINITY;
  if (p >= 1) return Number.POSITIVE_INFINITY;
  if (p > 0.5) return -normalQuantile(1 - p);
  // A start within 0.003 (Hastings), then Halley's steps, which triple the digits.
  const t = Math.sqrt(-2 * Math.log(p));
  let x = (2.30753 + 0.27061 * t) / (1 + t * (0.99229 + 0.04481 * t)) - t;
  for (let step = 0; step < 4; step += 1) {
    const error = (normalCumulative(x) - p) / normalDensity(x);
    x -= error / (1 + (x * error) / 2);
  }
  return x;
}

/** `erf(x)` in double precision. */
export function errorFunction(x: number): number {
  if (x < 0) return -errorFunction(-x);
  return x < 2.5 ? errorSeries(x) : 1 - complementaryErf(x);
}

/** `1 - erf(x)` for x at least 0, without cancellation. */
function complementaryErf(x: number): number {
  return x < 2.5 ? 1 - errorSeries(x) : errorFraction(x);
}

/** `2/√π · e^-x² · Σ 2ⁿ x^(2n+1) / (1 · 3 · … · (2n+1))`: all terms are positive. */
function errorSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * 1e-17; n += 1) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** The continued fraction of erfc, from its end. */
function errorFraction(x: number): number {
  let fraction = x;
  for (let n = 100; n >= 1; n -= 1) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
}
