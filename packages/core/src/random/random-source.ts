/** Where random numbers come from. Each call draws `count` values and moves on. */
export interface RandomSource {
  /** `[0, 1)`. */
  uniform(count: number): Float32Array;
  /** Mean 0, variance 1. */
  normal(count: number): Float32Array;
  /** Integers of `low..high - 1`; the range is at most 2^32. */
  integers(low: number, high: number, count: number): Int32Array;
  /** `0..count - 1` in random order. */
  permutation(count: number): Int32Array;
}
