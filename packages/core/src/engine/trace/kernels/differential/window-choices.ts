import type { Random } from './random';

type Pair = [number, number];
/** As tfjs takes it, channels last or first. */
export type Padding2d = 'same' | 'valid' | number | [Pair, Pair, Pair, Pair];

/** Windows over a picture, and the picture's size. */
export interface WindowChoice2d {
  readonly size: Pair;
  readonly kernel: Pair;
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly pad: Padding2d;
  readonly rounding?: 'floor' | 'round' | 'ceil';
}

interface Options {
  readonly dilated?: boolean;
  readonly rounded?: boolean;
  readonly format?: 'NHWC' | 'NCHW';
  /** Largest explicit padding: unlimited, or smaller than the kernel. */
  readonly blind?: boolean;
}

/** Kernels of 1 to 4, strides up to 4 (beyond the kernel too), pads of every kind, sizes from one window upwards. */
export function windowChoice2d(
  random: Random,
  { dilated = false, rounded = false, format = 'NHWC', blind = true }: Options = {},
): WindowChoice2d {
  const kind = random.pick(['same', 'same', 'valid', 'number', 'explicit', 'explicit'] as const);
  const square = kind === 'number' || random.chance(0.4);
  const pair = (choose: () => number): Pair => {
    const first = choose();
    return [first, square ? first : choose()];
  };
  const kernel = pair(() => random.pick([1, 2, 3, 3, 4]));
  const dilations: Pair = dilated ? pair(() => random.integer(1, 3)) : [1, 1];
  // tfjs wants strides of 1 beside dilations.
  const strides: Pair = dilations[0] * dilations[1] > 1 ? [1, 1] : pair(() => random.pick([1, 1, 2, 3, 4]));
  const limit = (axis: 0 | 1) => (blind ? 2 : Math.min(2, kernel[axis] - 1));
  const amounts = [0, 1].map((axis) => [
    random.integer(0, limit(axis as 0 | 1)),
    random.integer(0, limit(axis as 0 | 1)),
  ]) as [Pair, Pair];
  const spatial: [Pair, Pair] = amounts;
  const explicit: [Pair, Pair, Pair, Pair] =
    format === 'NHWC' ? [[0, 0], ...spatial, [0, 0]] : [[0, 0], [0, 0], ...spatial];
  const pad: Padding2d = kind === 'number' ? amounts[0][0] : kind === 'explicit' ? explicit : kind;
  const size = kernel.map((length, axis) => {
    const reach = (length - 1) * dilations[axis]! + 1;
    return kind === 'same' ? random.integer(1, 8) : random.integer(reach, reach + 5);
  }) as Pair;
  const rounding = rounded && (kind === 'number' || kind === 'explicit') && random.chance(0.5);
  return {
    size,
    kernel,
    strides,
    dilations,
    pad,
    ...(rounding ? { rounding: random.pick(['floor', 'round', 'ceil'] as const) } : {}),
  };
}

/** As {@link windowChoice2d} over three axes, of which tfjs pads in fewer ways. */
export function windowChoice3d(random: Random) {
  const triple = (choose: () => number) => [choose(), choose(), choose()] as [number, number, number];
  const kernel = triple(() => random.pick([1, 2, 3]));
  const strides = triple(() => random.pick([1, 1, 2, 3]));
  const pad = random.pick(['same', 'valid'] as const);
  const size = kernel.map((length) => (pad === 'same' ? random.integer(1, 5) : random.integer(length, length + 3)));
  return { kernel, strides, pad, size };
}
