/** `log Σ exp(x)`; `-Infinity` for no values, or only `-Infinity`. */
export function logSumExp(values: ArrayLike<number>): number {
  let highest = -Infinity;
  for (let index = 0; index < values.length; index += 1) highest = Math.max(highest, values[index]!);
  if (!Number.isFinite(highest)) return highest;
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) sum += Math.exp(values[index]! - highest);
  return highest + Math.log(sum);
}

/** `x - log Σ exp(x)`: log-probabilities of logits. */
export function logSoftmax(logits: ArrayLike<number>): Float64Array {
  const total = logSumExp(logits);
  return Float64Array.from(logits, (value) => value - total);
}

/** `exp(x / temperature) / Σ`: probabilities of logits. */
export function softmax(logits: ArrayLike<number>, temperature = 1): Float64Array {
  const scaled = Float64Array.from(logits, (value) => value / temperature);
  const total = logSumExp(scaled);
  return scaled.map((value) => Math.exp(value - total));
}

/** Index of the largest value, the first of equals; -1 for none. */
export function argMax(values: ArrayLike<number>): number {
  let best = values.length > 0 ? 0 : -1;
  for (let index = 1; index < values.length; index += 1) if (values[index]! > values[best]!) best = index;
  return best;
}
