/** The resampling filters of Pillow. `nearest` picks pixels, the others are convolutions with antialiasing. */
export type ResizeFilter = 'nearest' | 'box' | 'bilinear' | 'hamming' | 'bicubic' | 'lanczos';

interface Kernel {
  /** Half width, in source pixels at scale 1. */
  readonly support: number;
  readonly weight: (x: number) => number;
}

const cubic = -0.5;

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
}

const kernels: Readonly<Record<Exclude<ResizeFilter, 'nearest'>, Kernel>> = {
  // Half-open, so that a pixel on the border between two outputs counts once.
  box: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  hamming: {
    support: 1,
    weight: (x) => (Math.abs(x) >= 1 ? 0 : sinc(x) * (0.54 + 0.46 * Math.cos(x * Math.PI))),
  },
  bicubic: {
    support: 2,
    weight: (signed) => {
      const x = Math.abs(signed);
      if (x < 1) {
        return ((cubic + 2) * x - (cubic + 3)) * x * x + 1;
      }
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * cubic : 0;
    },
  },
  lanczos: { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

export const resizeFilters: readonly ResizeFilter[] = ['nearest', 'box', 'bilinear', 'hamming', 'bicubic', 'lanczos'];

/** Fractional bits of the fixed-point weights: 32 less 8 for the pixel and 2 for the overshoot. */
export const weightBits = 22;

/** Which source pixels make output pixels `from … from + count - 1`, and with which weights. */
export interface WeightWindows {
  /** `[count]`: first source pixel. */
  readonly first: Int32Array;
  /** `[count]`: number of source pixels. */
  readonly length: Int32Array;
  /** `[count, stride]`: fixed point, {@link weightBits} fractional bits, the sum is about 1. */
  readonly weights: Int32Array;
  readonly stride: number;
}

/**
 * Fixed-point weights of one axis.
 *
 * @param sourceSize - Pixels of the source along the axis.
 * @param start - Where the resampled part of the source begins, in source pixels; `end` where it ends.
 * @param targetSize - Pixels that the part is resampled to, of which `count` from `from` on are computed.
 * @see https://github.com/python-pillow/Pillow, 12.3, `Resample.c`: the windows and the rounding of the weights.
 */
export function weightWindows(
  filter: Exclude<ResizeFilter, 'nearest'>,
  sourceSize: number,
  [start, end]: readonly [number, number],
  targetSize: number,
  [from, count]: readonly [number, number],
): WeightWindows {
  const { support, weight } = kernels[filter];
  const scale = Math.fround(end - start) / targetSize;
  const filterScale = Math.max(scale, 1);
  const reach = support * filterScale;
  const inverse = 1 / filterScale;
  const stride = Math.ceil(reach) * 2 + 1;
  const first = new Int32Array(count);
  const length = new Int32Array(count);
  const weights = new Int32Array(count * stride);
  const exact = new Float64Array(stride);
  for (let i = 0; i < count; i++) {
    const center = start + (from + i + 0.5) * scale;
    const low = Math.max(0, Math.trunc(center - reach + 0.5));
    const size = Math.min(sourceSize, Math.trunc(center + reach + 0.5)) - low;
    let sum = 0;
    for (let k = 0; k < size; k++) {
      const w = weight((k + low - center + 0.5) * inverse);
      exact[k] = w;
      sum += w;
    }
    for (let k = 0; k < size; k++) {
      const w = (sum === 0 ? exact[k]! : exact[k]! / sum) * (1 << weightBits);
      weights[i * stride + k] = Math.trunc(w < 0 ? w - 0.5 : w + 0.5);
    }
    first[i] = low;
    length[i] = size;
  }
  return { first, length, weights, stride };
}
