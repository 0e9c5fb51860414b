import type { RandomSource } from './random-source';
import { checkRange } from './torch-random';

/**
 * A small, fast generator with 32 bits of state: for shuffles and test data, where no other program has to draw the
 * same numbers.
 *
 * @param seed - Its low 32 bits count.
 */
export function mulberry32(seed: number): RandomSource {
  let state = seed >>> 0;
  const word = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (range: number): number => Math.floor((word() / 2 ** 32) * range);
  return {
    uniform: (count) => Float32Array.from({ length: count }, () => (word() >>> 8) * 2 ** -24),
    normal: (count) => {
      const out = new Float32Array(count);
      for (let index = 0; index < count; index += 2) {
        const radius = Math.sqrt(-2 * Math.log(1 - word() / 2 ** 32));
        const angle = (2 * Math.PI * word()) / 2 ** 32;
        out[index] = radius * Math.cos(angle);
        if (index + 1 < count) {
          out[index + 1] = radius * Math.sin(angle);
        }
      }
      return out;
    },
    integers: (low, high, count) => {
      const range = checkRange(low, high);
      return Int32Array.from({ length: count }, () => low + below(range));
    },
    permutation: (count) => {
      const order = Int32Array.from({ length: count }, (_, index) => index);
      for (let index = 0; index < count - 1; index += 1) {
        const other = index + below(count - index);
        [order[index], order[other]] = [order[other]!, order[index]!];
      }
      return order;
    },
  };
}
