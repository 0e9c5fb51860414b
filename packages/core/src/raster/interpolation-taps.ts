/** `area` is adaptive average pooling; `bicubic` has a = -0.75. */
export type InterpolateMode = 'nearest' | 'nearest-exact' | 'bilinear' | 'bicubic' | 'area';

/** Sources and weights of each output place along one axis: `[size, count]`. */
export interface InterpolationTaps {
  readonly size: number;
  readonly count: number;
  readonly index: Int32Array;
  readonly weight: Float64Array;
}

/**
 * Which of `source` places make each of `size` places along one axis, as `torch.nn.functional.interpolate` without
 * antialias does: half-pixel centers, borders clamped (weights of places beyond the border go to the last one inside).
 *
 * @param alignCorners - Corner places coincide (`bilinear`, `bicubic`). Default false.
 */
export function interpolationTaps(
  source: number,
  size: number,
  mode: InterpolateMode,
  alignCorners = false,
): InterpolationTaps {
  if (mode === 'area') {
    return areaTaps(source, size);
  }
  const count = mode === 'bicubic' ? 4 : mode === 'bilinear' ? 2 : 1;
  const index = new Int32Array(size * count);
  const weight = new Float64Array(size * count);
  const aligned = alignCorners && count > 1;
  const scale = Math.fround(aligned ? (size > 1 ? (source - 1) / (size - 1) : 0) : source / size);
  const clamp = (i: number): number => Math.min(Math.max(i, 0), source - 1);
  for (let i = 0; i < size; i++) {
    if (count === 1) {
      index[i] = clamp(Math.floor(Math.fround((mode === 'nearest' ? i : i + 0.5) * scale)));
      weight[i] = 1;
      continue;
    }
    const position = Math.fround(aligned ? i * scale : Math.fround((i + 0.5) * scale) - 0.5);
    if (count === 2) {
      const place = Math.max(position, 0);
      const low = clamp(Math.floor(place));
      const fraction = Math.min(Math.max(place - low, 0), 1);
      index.set([low, clamp(low + 1)], i * 2);
      weight.set([1 - fraction, fraction], i * 2);
      continue;
    }
    const low = Math.floor(position);
    index.set([clamp(low - 1), clamp(low), clamp(low + 1), clamp(low + 2)], i * 4);
    weight.set(cubicWeights(position - low), i * 4);
  }
  return { size, count, index, weight };
}

function cubicWeights(t: number): number[] {
  const a = -0.75;
  const near = (x: number): number => ((a + 2) * x - (a + 3)) * x * x + 1;
  const far = (x: number): number => ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  return [far(t + 1), near(t), near(1 - t), far(2 - t)];
}

function areaTaps(source: number, size: number): InterpolationTaps {
  const bounds = Array.from({ length: size }, (_, i) => [
    Math.floor((i * source) / size),
    Math.ceil(((i + 1) * source) / size),
  ]);
  const count = Math.max(...bounds.map(([low, high]) => high! - low!));
  const index = new Int32Array(size * count);
  const weight = new Float64Array(size * count);
  bounds.forEach(([low, high], i) => {
    for (let k = low!; k < high!; k++) {
      index[i * count + k - low!] = k;
      weight[i * count + k - low!] = 1 / (high! - low!);
    }
  });
  return { size, count, index, weight };
}
