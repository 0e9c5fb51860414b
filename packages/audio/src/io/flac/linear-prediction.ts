/** Predicts a sample from the ones before it. */
export interface Predictor {
  /** Of the last sample, the one before it, and so on. */
  readonly coefficients: Int32Array;
  /** Bits of a coefficient. */
  readonly precision: number;
  /** Sums are divided by 2^shift. */
  readonly shift: number;
}

/**
 * Coefficients by the autocorrelation method with a Welch window, as whole numbers; undefined where there is nothing to
 * predict.
 */
export function linearPredictor(samples: Int32Array, order: number, precision: number): Predictor | undefined {
  const exact = levinson(autocorrelation(samples, order));
  const largest = exact.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (!(largest > 0) || !Number.isFinite(largest)) return undefined;
  const shift = Math.min(15, precision - 2 - Math.floor(Math.log2(largest)));
  if (shift < 0) return undefined;
  const limit = 2 ** (precision - 1);
  let error = 0;
  const coefficients = Int32Array.from(exact, (value) => {
    // What rounding takes from one coefficient, the next one gives back.
    error += value * 2 ** shift;
    const whole = Math.max(-limit, Math.min(limit - 1, Math.round(error)));
    error -= whole;
    return whole;
  });
  return { coefficients, precision, shift };
}

/** Samples minus their predictions; undefined where one takes more than 31 bits. The first `order` are left out. */
export function predictionErrors(samples: Int32Array, { coefficients, shift }: Predictor): Int32Array | undefined {
  const order = coefficients.length;
  const out = new Int32Array(samples.length);
  const scale = 2 ** -shift;
  for (let n = order; n < samples.length; n += 1) {
    let sum = 0;
    for (let tap = 0; tap < order; tap += 1) sum += coefficients[tap]! * samples[n - 1 - tap]!;
    const error = samples[n]! - Math.floor(sum * scale);
    if (Math.abs(error) >= 2 ** 30) return undefined;
    out[n] = error;
  }
  return out;
}

function autocorrelation(samples: Int32Array, order: number): Float64Array {
  const count = samples.length;
  const half = (count - 1) / 2;
  const windowed = Float64Array.from(samples);
  for (let n = 0; n < count; n += 1) windowed[n] = windowed[n]! * (1 - ((n - half) / (half + 1)) ** 2);
  const out = new Float64Array(order + 1);
  for (let lag = 0; lag <= order; lag += 1) {
    let sum = 0;
    for (let n = lag; n < count; n += 1) sum += windowed[n]! * windowed[n - lag]!;
    out[lag] = sum;
  }
  return out;
}

/** Solves for the coefficients (Levinson and Durbin). */
function levinson(correlation: Float64Array): Float64Array {
  const order = correlation.length - 1;
  const out = new Float64Array(order);
  let error = correlation[0]!;
  for (let step = 0; step < order && error > 0; step += 1) {
    let sum = correlation[step + 1]!;
    for (let tap = 0; tap < step; tap += 1) sum -= out[tap]! * correlation[step - tap]!;
    const reflection = sum / error;
    const before = out.slice(0, step);
    out[step] = reflection;
    for (let tap = 0; tap < step; tap += 1) out[tap] = before[tap]! - reflection * before[step - 1 - tap]!;
    error *= 1 - reflection * reflection;
  }
  return out;
}
