/** How `resizeBilinear` and `resizeNearestNeighbor` line up the two grids. */
export interface Alignment {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/** Where element `index` of the resized axis lies on the original one. */
function position(
  index: number,
  original: number,
  resized: number,
  { alignCorners, halfPixelCenters }: Alignment,
): number {
  const corners = alignCorners && resized > 1;
  const ratio = corners ? (original - 1) / (resized - 1) : original / resized;
  return ratio * (halfPixelCenters ? index + 0.5 : index);
}

/** For every element of the resized axis the element that it copies, as tfjs rounds it. */
export function nearestSources(original: number, resized: number, alignment: Alignment): number[] {
  return Array.from({ length: resized }, (_, index) => {
    const exact = position(index, original, resized, alignment);
    const rounded = alignment.alignCorners ? Math.round(exact) : Math.floor(exact);
    return Math.max(0, Math.min(original - 1, rounded));
  });
}

/** Matrix `[original, resized]`, row by row, of 1 where an element is copied. */
export function nearestMatrix(original: number, resized: number, alignment: Alignment): Float32Array {
  const matrix = new Float32Array(original * resized);
  nearestSources(original, resized, alignment).forEach((source, index) => {
    matrix[source * resized + index] = 1;
  });
  return matrix;
}

/** Matrix `[original, resized]`, row by row, of the weights of linear interpolation. */
export function linearMatrix(original: number, resized: number, alignment: Alignment): Float32Array {
  const matrix = new Float32Array(original * resized);
  for (let index = 0; index < resized; index += 1) {
    const exact = position(index, original, resized, alignment) - (alignment.halfPixelCenters ? 0.5 : 0);
    const low = Math.max(0, Math.floor(exact));
    const high = Math.min(original - 1, Math.ceil(exact));
    const fraction = low === high ? 0 : exact - low;
    matrix[low * resized + index]! += 1 - fraction;
    matrix[high * resized + index]! += fraction;
  }
  return matrix;
}
