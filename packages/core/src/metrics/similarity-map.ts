/** Weights of one axis of a separable window, sum 1. */
export type WindowWeights = Float64Array;

export function uniformWindow(size: number): WindowWeights {
  return new Float64Array(size).fill(1 / size);
}

export function gaussianWindow(size: number, sigma: number): WindowWeights {
  const weights = Float64Array.from({ length: size }, (_, index) =>
    Math.exp(-((index - (size - 1) / 2) ** 2) / (2 * sigma ** 2)),
  );
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** One channel of two pictures. */
export interface PlanePair {
  readonly width: number;
  readonly height: number;
  readonly reference: Float64Array;
  readonly image: Float64Array;
}

/** Means over all places where the window lies inside the picture. */
export interface Similarity {
  /** Luminance times contrast and structure: SSIM. */
  readonly ssim: number;
  /** Contrast and structure alone. */
  readonly contrast: number;
}

export interface SimilarityConfig {
  readonly window: WindowWeights;
  readonly dataRange: number;
  /** Factor of the covariances: 1, or n / (n - 1) for the sample covariance of n pixels. */
  readonly covarianceFactor: number;
}

const k1 = 0.01;
const k2 = 0.03;

/**
 * @see Wang, Bovik, Sheikh, Simoncelli: Image quality assessment, 2004, equations 6, 12 and 13.
 */
export function similarity(pair: PlanePair, { window, dataRange, covarianceFactor }: SimilarityConfig): Similarity {
  const { width, height, reference: x, image: y } = pair;
  const smooth = (plane: Float64Array): Float64Array => smoothValid(plane, width, height, window);
  const product = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, index) => value * b[index]!);
  const [meanX, meanY] = [smooth(x), smooth(y)];
  const [meanXx, meanYy, meanXy] = [smooth(product(x, x)), smooth(product(y, y)), smooth(product(x, y))];
  const c1 = (k1 * dataRange) ** 2;
  const c2 = (k2 * dataRange) ** 2;
  let ssim = 0;
  let contrast = 0;
  for (let index = 0; index < meanX.length; index += 1) {
    const [mx, my] = [meanX[index]!, meanY[index]!];
    const varianceX = covarianceFactor * (meanXx[index]! - mx * mx);
    const varianceY = covarianceFactor * (meanYy[index]! - my * my);
    const covariance = covarianceFactor * (meanXy[index]! - mx * my);
    const structure = (2 * covariance + c2) / (varianceX + varianceY + c2);
    contrast += structure;
    ssim += structure * ((2 * mx * my + c1) / (mx * mx + my * my + c1));
  }
  return { ssim: ssim / meanX.length, contrast: contrast / meanX.length };
}

/** Separable weighted mean at the places where the window fits: `[height - n + 1, width - n + 1]`. */
function smoothValid(plane: Float64Array, width: number, height: number, window: WindowWeights): Float64Array {
  const size = window.length;
  const outWidth = width - size + 1;
  const outHeight = height - size + 1;
  const rows = new Float64Array(height * outWidth);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < outWidth; x += 1) {
      let sum = 0;
      for (let tap = 0; tap < size; tap += 1) {
        sum += window[tap]! * plane[y * width + x + tap]!;
      }
      rows[y * outWidth + x] = sum;
    }
  }
  const out = new Float64Array(outHeight * outWidth);
  for (let y = 0; y < outHeight; y += 1) {
    for (let tap = 0; tap < size; tap += 1) {
      const weight = window[tap]!;
      for (let x = 0; x < outWidth; x += 1) {
        out[y * outWidth + x]! += weight * rows[(y + tap) * outWidth + x]!;
      }
    }
  }
  return out;
}
