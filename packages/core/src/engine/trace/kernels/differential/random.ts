import type { TensorElementType } from '../lowering';

/** A tensor of a test: plain values in row order. */
export interface TestTensor {
  readonly dtype: TensorElementType;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

export interface ShapeOptions {
  /** Default 0. */
  readonly minRank?: number;
  /** Default 5. */
  readonly maxRank?: number;
  /** Longest axis, default 4. */
  readonly maxLength?: number;
  /** Whether an axis may be of length 0, default false. */
  readonly zero?: boolean;
}

export interface TensorOptions {
  /** Default −2. */
  readonly from?: number;
  /** Default 2. */
  readonly to?: number;
  /** Values mixed in now and then: NaN, infinities, ties. */
  readonly specials?: readonly number[];
}

/** Seeded source of everything that a differential case is made of. */
export interface Random {
  /** In `[0, 1)`. */
  next(): number;
  /** A whole number, both ends included. */
  integer(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<T>(choices: readonly T[]): T;
  shuffle<T>(items: readonly T[]): T[];
  /** Axes of length 1 to `maxLength`; length 1 is frequent. */
  shape(options?: ShapeOptions): number[];
  /** Two shapes that broadcast, to one side, the other, or both. */
  broadcastPair(options?: ShapeOptions): [number[], number[]];
  tensor(shape: readonly number[], dtype?: TensorElementType, options?: TensorOptions): TestTensor;
}

/** Generator `mulberry32`: the same seed gives the same cases everywhere. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  const chance = (probability: number) => next() < probability;
  const pick = <T>(choices: readonly T[]): T => choices[integer(0, choices.length - 1)]!;
  const shuffle = <T>(items: readonly T[]): T[] => {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i -= 1) {
      const other = integer(0, i);
      [result[i], result[other]] = [result[other]!, result[i]!];
    }
    return result;
  };
  const shape = ({ minRank = 0, maxRank = 5, maxLength = 4, zero = false }: ShapeOptions = {}) => {
    const lengths = Array.from({ length: integer(minRank, maxRank) }, () => (chance(0.2) ? 1 : integer(1, maxLength)));
    if (zero && lengths.length > 0 && chance(0.08)) lengths[integer(0, lengths.length - 1)] = 0;
    return lengths;
  };
  const broadcastPair = (options: ShapeOptions = {}): [number[], number[]] => {
    const full = shape(options);
    const narrowed = (keep: number) =>
      full.slice(chance(0.3) ? integer(0, full.length) : 0).map((length) => (chance(keep) ? length : 1));
    const [first, second] = [narrowed(0.75), narrowed(0.75)];
    return chance(0.3) ? [full, full] : [first, second];
  };
  const tensor = (
    lengths: readonly number[],
    dtype: TensorElementType = 'float32',
    { from = -2, to = 2, specials = [] }: TensorOptions = {},
  ): TestTensor => {
    const size = lengths.reduce((product, length) => product * length, 1);
    const usable = specials.filter((value) => dtype === 'float32' || (dtype === 'int32' && Number.isInteger(value)));
    const values = Array.from({ length: size }, () => {
      if (usable.length > 0 && chance(0.15)) return pick(usable);
      if (dtype === 'bool') return chance(0.5) ? 1 : 0;
      return dtype === 'int32' ? integer(Math.ceil(from), Math.floor(to)) : Math.fround(from + next() * (to - from));
    });
    return { dtype, shape: lengths, values };
  };
  return { next, integer, chance, pick, shuffle, shape, broadcastPair, tensor };
}
