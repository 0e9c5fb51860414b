/** From a pixel 0..1 (double precision) to what the model takes, rounded as the official code rounds. */
type ValueMap = (pixel: number, channel: number) => number;

/** `ToTensor` and `Normalize` of torchvision: every step in single precision. */
function standardize(mean: readonly [number, number, number], std: readonly [number, number, number]): ValueMap {
  const [means, stds] = [mean.map(Math.fround), std.map(Math.fround)];
  return (pixel, channel) => Math.fround(Math.fround(Math.fround(pixel) - means[channel]!) / stds[channel]!);
}

const ranges = {
  unit: (pixel) => Math.fround(pixel),
  /** -1..1. */
  pm1: standardize([0.5, 0.5, 0.5], [0.5, 0.5, 0.5]),
  clip: standardize([0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]),
  imagenet: standardize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
  /** `0.8 · x + 0.1`: DALL-E keeps away from the ends of the logit-Laplace range. */
  dalle: (pixel) => Math.fround(Math.fround(Math.fround(pixel) * Math.fround(0.8)) + Math.fround(0.1)),
  /** -1..1 computed in NumPy's double precision, rounded once. */
  chameleon: (pixel) => Math.fround(pixel * 2 - 1),
} as const satisfies Readonly<Record<string, ValueMap>>;

/** Ranges by the suffix of a pipeline's name; without a suffix the recipe's own, mostly `unit` (0..1). */
export type ValueRange = keyof typeof ranges;

export const valueRanges = Object.keys(ranges) as readonly ValueRange[];

/**
 * Pixels to what the model takes.
 *
 * @param data - RGB: bytes 0..255 or floats 0..1.
 * @returns float32, as many values.
 */
export function normalizePixels(data: Uint8Array | Uint8ClampedArray | Float32Array, range: ValueRange): Float32Array {
  const map: ValueMap = ranges[range];
  const out = new Float32Array(data.length);
  if (data instanceof Float32Array) {
    for (let i = 0; i < out.length; i++) {
      out[i] = map(data[i]!, i % 3);
    }
    return out;
  }
  const [red, green, blue] = [0, 1, 2].map((channel) =>
    Float32Array.from({ length: 256 }, (_, byte) => map(byte / 255, channel)),
  ) as [Float32Array, Float32Array, Float32Array];
  for (let i = 0; i < out.length; i += 3) {
    out[i] = red[data[i]!]!;
    out[i + 1] = green[data[i + 1]!]!;
    out[i + 2] = blue[data[i + 2]!]!;
  }
  return out;
}
