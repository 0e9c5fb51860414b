import { InputError } from '@tesserae/core/data';

/** A plane between two classes. */
export interface LogisticModel {
  readonly coefficients: Float64Array;
  readonly intercept: number;
}

export interface LogisticOptions {
  /** Weight of the data beside the penalty on the coefficients. Default 1. */
  readonly inversePenalty?: number;
  /** Steps of Newton's method at most. Default 100. */
  readonly iterations?: number;
}

/**
 * Logistic regression: the least of `inversePenalty · Σ log loss + |coefficients|² / 2`, what `LogisticRegression` of
 * scikit-learn looks for, by Newton steps whose directions conjugate gradients find.
 *
 * @param rows - `[examples, features]`, finite.
 * @param features - At least 1.
 * @param truth - 1 for the positive class, one for every example.
 * @throws {InputError} Examples that do not fit, or numbers that are not finite.
 */
export function fitLogistic(
  rows: ArrayLike<number>,
  features: number,
  truth: ArrayLike<number>,
  { inversePenalty = 1, iterations = 100 }: LogisticOptions = {},
): LogisticModel {
  checkExamples(rows, features, truth);
  const examples = truth.length;
  const size = features + 1;
  let weights = new Float64Array(size);
  const scores = (direction: Float64Array): Float64Array =>
    Float64Array.from({ length: examples }, (_, row) => scoreOf(rows, row, direction));
  const gradientOf = (residuals: Float64Array, penalized: Float64Array): Float64Array => {
    const gradient = Float64Array.from(penalized);
    gradient[features] = 0;
    for (let row = 0; row < examples; row += 1) {
      const residual = inversePenalty * residuals[row]!;
      for (let at = 0; at < features; at += 1) gradient[at]! += residual * rows[row * features + at]!;
      gradient[features]! += residual;
    }
    return gradient;
  };
  const lossOf = (at: Float64Array, values: Float64Array): number => {
    let loss = 0;
    for (let index = 0; index < features; index += 1) loss += (at[index]! * at[index]!) / 2;
    for (let row = 0; row < examples; row += 1) loss += inversePenalty * logLoss(values[row]!, truth[row]!);
    return loss;
  };
  let values = scores(weights);
  let loss = lossOf(weights, values);
  for (let iteration = 0; iteration < iterations; iteration += 1) {
    const chances = values.map(sigmoid);
    const gradient = gradientOf(
      chances.map((chance, row) => chance - truth[row]!),
      weights,
    );
    if (Math.sqrt(dot(gradient, gradient)) < 1e-9 * Math.max(1, examples)) break;
    const curvature = (direction: Float64Array): Float64Array => {
      const along = scores(direction);
      return gradientOf(
        along.map((value, row) => value * chances[row]! * (1 - chances[row]!)),
        direction,
      );
    };
    const step = conjugateGradients(curvature, gradient);
    const slope = dot(gradient, step);
    let moved = false;
    for (let length = 1; length > 1e-10; length /= 2) {
      const next = weights.map((weight, at) => weight - length * step[at]!);
      const nextValues = scores(next);
      const nextLoss = lossOf(next, nextValues);
      if (nextLoss > loss - 1e-4 * length * slope) continue;
      moved = nextLoss < loss;
      [weights, values, loss] = [next, nextValues, nextLoss];
      break;
    }
    if (!moved) break;
  }
  return { coefficients: weights.slice(0, features), intercept: weights[features]! };

  function scoreOf(data: ArrayLike<number>, row: number, direction: Float64Array): number {
    let sum = direction[features]!;
    for (let at = 0; at < features; at += 1) sum += direction[at]! * data[row * features + at]!;
    return sum;
  }
}

/** Chance of the positive class, 0..1. */
export const sigmoid = (score: number): number => 1 / (1 + Math.exp(-score));

/** Of a score, without overflow. */
const logLoss = (score: number, truth: number): number =>
  Math.max(score, 0) - score * truth + Math.log1p(Math.exp(-Math.abs(score)));

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, at) => sum + value * b[at]!, 0);

/** Solves `apply(x) = right` for a positive definite map. */
function conjugateGradients(apply: (x: Float64Array) => Float64Array, right: Float64Array): Float64Array {
  const x = new Float64Array(right.length);
  const residual = Float64Array.from(right);
  let direction = Float64Array.from(right);
  let norm = dot(residual, residual);
  const enough = norm * 1e-16;
  for (let iteration = 0; iteration < 2 * right.length && norm > enough; iteration += 1) {
    const image = apply(direction);
    const bend = dot(direction, image);
    if (!(bend > 0)) break;
    const length = norm / bend;
    for (let at = 0; at < x.length; at += 1) {
      x[at]! += length * direction[at]!;
      residual[at]! -= length * image[at]!;
    }
    const next = dot(residual, residual);
    const ratio = next / norm;
    direction = direction.map((value, at) => residual[at]! + ratio * value);
    norm = next;
  }
  return norm < dot(right, right) ? x : right;
}

function checkExamples(rows: ArrayLike<number>, features: number, truth: ArrayLike<number>): void {
  if (!Number.isInteger(features) || features < 1) throw new InputError('features', 'at least 1', String(features));
  if (truth.length === 0 || rows.length !== truth.length * features) {
    throw new InputError('rows', `[${truth.length}, ${features}] numbers of at least one example`, String(rows.length));
  }
  for (let at = 0; at < rows.length; at += 1) {
    if (!Number.isFinite(rows[at])) throw new InputError('rows', 'finite numbers', `${rows[at]} at ${at}`);
  }
}
