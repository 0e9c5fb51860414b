const { fround } = Math;

const logPolynomial = [0.3027294874, 0.3996108174, 0.666669488].map(fround) as [number, number, number];
const logOfTwo = 0.69314718246459960938 - 1.904654323148236017e-9;

/**
 * Natural logarithm in float32 as PyTorch computes it for arrays on CPU: SLEEF's `logf_u10`, which now and then is one
 * unit in the last place off the exact value. Filters of narrow bands magnify that unit to 1e-5.
 *
 * @param value - A positive normal float32.
 */
export function floatLog(value: number): number {
  const exponent = Math.floor(Math.log2(fround(value * fround(1 / 0.75))));
  const mantissa = value * 2 ** -exponent;
  const x = (mantissa - 1) / (mantissa + 1);
  const high = fround(x);
  const square = fround(high * high);
  const [a, b, c] = logPolynomial;
  const polynomial = fround(fround(a * square + b) * square + c);
  return fround(exponent * logOfTwo + 2 * x + fround(fround(square * high) * polynomial));
}

const vectorLength = 8;

/**
 * `torch.linspace` in float32 on CPU: from the start up to the middle, from the end after it, where blocks of 8 values
 * go by their first one.
 *
 * @param count - At least 2.
 */
export function floatLinspace(start: number, end: number, count: number): Float32Array {
  const from = fround(start);
  const to = fround(end);
  const step = fround(fround(to - from) / (count - 1));
  const half = Math.floor(count / 2);
  const blocks = Math.floor(count / (2 * vectorLength)) * 2 * vectorLength;
  return Float32Array.from({ length: count }, (_, index) => {
    const first = index < blocks ? index - (index % vectorLength) : index;
    const base = first < half ? fround(from + step * first) : fround(to - step * (count - 1 - first));
    return fround(base + step * (index - first));
  });
}
