/** Below this the series of {@link digamma} is shifted up by the recurrence. */
const digammaStart = 10;
/** Terms of {@link hurwitzZeta} that are summed one by one. */
const zetaTerms = 16;
/** Bernoulli numbers B2, B4, … divided by their factorials (2k)!. */
const bernoulli = [1 / 12, -1 / 720, 1 / 30240, -1 / 1209600, 1 / 47900160];

/** Derivative of ln Γ for x > 0. @see Abramowitz and Stegun, 6.3.5 and 6.3.18. */
export function digamma(x: number): number {
  let shift = 0;
  let at = x;
  for (; at < digammaStart; at += 1) {
    shift += 1 / at;
  }
  const inverse = 1 / (at * at);
  const series = inverse * (1 / 12 - inverse * (1 / 120 - inverse * (1 / 252 - inverse * (1 / 240 - inverse / 132))));
  return Math.log(at) - 1 / (2 * at) - series - shift;
}

/** `Σ_{k >= 0} (k + a)^-s` for s > 1, a > 0, by Euler and Maclaurin's formula. */
export function hurwitzZeta(s: number, a: number): number {
  let sum = 0;
  for (let k = 0; k < zetaTerms; k += 1) {
    sum += (a + k) ** -s;
  }
  const at = a + zetaTerms;
  sum += at ** (1 - s) / (s - 1) + at ** -s / 2;
  let term = s * at ** (-s - 1);
  for (const [index, factor] of bernoulli.entries()) {
    sum += factor * term;
    term *= ((s + 2 * index + 1) * (s + 2 * index + 2)) / (at * at);
  }
  return sum;
}
