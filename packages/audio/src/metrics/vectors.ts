/** Values without their mean, in float64. */
export function centered(values: Float32Array | Float64Array): Float64Array {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  return Float64Array.from(values, (value) => value - mean);
}

/** Sum of products of two vectors of one length. */
export function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0);
}

/** Euclidean length. */
export function norm(values: Float64Array): number {
  return Math.sqrt(dot(values, values));
}
