import { InputError } from '../errors/input-error';

export interface SymmetricEigen {
  /** Ascending order is not promised. */
  readonly values: Float64Array;
  /** `[n, n]`: row i is the unit eigenvector of value i; only when asked for. */
  readonly vectors?: Float64Array;
}

/** Steps per eigenvalue; two or three are usual. */
const mostSteps = 100;

/**
 * Eigenvalues of a real symmetric matrix: Householder reduction to three diagonals, then implicit QR steps with
 * Wilkinson's shift.
 *
 * @param matrix - `[n, n]`, symmetric; only read.
 * @throws {InputError} Not finite, or no convergence.
 * @see Golub and Van Loan, Matrix Computations, 4th edition, algorithms 8.3.1 to 8.3.3.
 */
export function symmetricEigen(matrix: Float64Array, n: number, withVectors: boolean): SymmetricEigen {
  if (!matrix.every((value) => Number.isFinite(value))) {
    throw new InputError('matrix', 'finite values', 'NaN or infinity');
  }
  const work = matrix.slice();
  const { diagonal, beside, factors } = tridiagonalize(work, n);
  const vectors = withVectors ? transposed(accumulate(work, factors, n), n) : undefined;
  diagonalize(diagonal, beside, vectors);
  return { values: diagonal, ...(vectors && { vectors }) };
}

interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** Element i is beside diagonal elements i and i + 1. */
  readonly beside: Float64Array;
  /** Reflection k is `1 - factors[k] v vᵀ`, v left in row k of the matrix, right of the diagonal. */
  readonly factors: Float64Array;
}

function tridiagonalize(a: Float64Array, n: number): Tridiagonal {
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(Math.max(0, n - 1));
  const factors = new Float64Array(Math.max(0, n - 1));
  const update = new Float64Array(n);
  for (let k = 0; k < n - 1; k += 1) {
    diagonal[k] = a[k * n + k]!;
    const v = a.subarray(k * n, (k + 1) * n);
    let norm = 0;
    for (let i = k + 1; i < n; i += 1) {
      norm = Math.hypot(norm, v[i]!);
    }
    const first = v[k + 1]!;
    beside[k] = k === n - 2 ? first : first > 0 ? -norm : norm;
    if (k === n - 2 || norm === 0) {
      continue; // nothing to remove
    }
    v[k + 1] = first - beside[k]!;
    const factor = 1 / (norm * (norm + Math.abs(first)));
    factors[k] = factor;
    let dot = 0;
    for (let i = k + 1; i < n; i += 1) {
      let sum = 0;
      for (let j = k + 1; j < n; j += 1) {
        sum += a[i * n + j]! * v[j]!;
      }
      update[i] = factor * sum;
      dot += update[i]! * v[i]!;
    }
    for (let i = k + 1; i < n; i += 1) {
      update[i]! -= 0.5 * factor * dot * v[i]!;
    }
    for (let i = k + 1; i < n; i += 1) {
      const [vi, wi] = [v[i]!, update[i]!];
      for (let j = k + 1; j < n; j += 1) {
        a[i * n + j]! -= vi * update[j]! + wi * v[j]!;
      }
    }
  }
  if (n > 0) {
    diagonal[n - 1] = a[n * n - 1]!;
  }
  return { diagonal, beside, factors };
}

/** Product of all reflections, `[n, n]`. */
function accumulate(a: Float64Array, factors: Float64Array, n: number): Float64Array {
  const q = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1) {
    q[i * n + i] = 1;
  }
  const projection = new Float64Array(n);
  for (let k = n - 3; k >= 0; k -= 1) {
    const v = a.subarray(k * n, (k + 1) * n);
    projection.fill(0);
    for (let i = k + 1; i < n; i += 1) {
      for (let j = k + 1; j < n; j += 1) {
        projection[j]! += v[i]! * q[i * n + j]!;
      }
    }
    for (let i = k + 1; i < n; i += 1) {
      const scale = factors[k]! * v[i]!;
      for (let j = k + 1; j < n; j += 1) {
        q[i * n + j]! -= scale * projection[j]!;
      }
    }
  }
  return q;
}

function transposed(matrix: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < n; j += 1) {
      out[j * n + i] = matrix[i * n + j]!;
    }
  }
  return out;
}

function diagonalize(d: Float64Array, e: Float64Array, vectors: Float64Array | undefined): void {
  let steps = 0;
  for (let high = d.length - 1; high > 0;) {
    let low = high;
    while (low > 0 && Math.abs(e[low - 1]!) > Number.EPSILON * (Math.abs(d[low - 1]!) + Math.abs(d[low]!))) {
      low -= 1;
    }
    if (low > 0) {
      e[low - 1] = 0;
    }
    if (low === high) {
      high -= 1;
      steps = 0;
      continue;
    }
    steps += 1;
    if (steps > mostSteps) {
      throw new InputError('matrix', 'a symmetric matrix whose eigenvalues converge', `none after ${mostSteps} steps`);
    }
    implicitStep(d, e, low, high, vectors);
  }
}

/** One QR step on rows low..high: chases the bulge of the shifted first rotation down the diagonals. */
function implicitStep(
  d: Float64Array,
  e: Float64Array,
  low: number,
  high: number,
  vectors: Float64Array | undefined,
): void {
  const half = (d[high - 1]! - d[high]!) / 2;
  const corner = e[high - 1]!;
  const shift = d[high]! - corner ** 2 / (half + (half < 0 ? -1 : 1) * Math.hypot(half, corner));
  let x = d[low]! - shift;
  let z = e[low]!;
  for (let k = low; k < high; k += 1) {
    const radius = Math.hypot(x, z);
    const c = radius === 0 ? 1 : x / radius;
    const s = radius === 0 ? 0 : z / radius;
    if (k > low) {
      e[k - 1] = radius;
    }
    const [a, b, g] = [d[k]!, e[k]!, d[k + 1]!];
    d[k] = c * c * a + 2 * c * s * b + s * s * g;
    d[k + 1] = s * s * a - 2 * c * s * b + c * c * g;
    e[k] = c * s * (g - a) + (c * c - s * s) * b;
    if (k < high - 1) {
      x = e[k]!;
      z = s * e[k + 1]!;
      e[k + 1]! *= c;
    }
    if (vectors) {
      rotateRows(vectors, d.length, k, c, s);
    }
  }
}

function rotateRows(vectors: Float64Array, n: number, row: number, c: number, s: number): void {
  for (let i = row * n, j = i + n; i < (row + 1) * n; i += 1, j += 1) {
    const [upper, lower] = [vectors[i]!, vectors[j]!];
    vectors[i] = c * upper + s * lower;
    vectors[j] = c * lower - s * upper;
  }
}
