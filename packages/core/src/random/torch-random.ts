import { InputError } from '../errors/input-error';
import { mersenneTwister } from './mersenne-twister';
import type { RandomSource } from './random-source';

/** What PyTorch's CPU generator draws beyond a {@link RandomSource}. */
export interface TorchRandom extends RandomSource {
  /** `tensor.uniform_(from, to)` of a float32 tensor. */
  uniformBetween(from: number, to: number, count: number): Float32Array;
  /** `tensor.normal_(mean, deviation)` of a float32 tensor. */
  normalWith(mean: number, deviation: number, count: number): Float32Array;
  /** `torch.rand` of float64. */
  uniformDoubles(count: number): Float64Array;
  /** `torch.randn` of float64. */
  normalDoubles(count: number): Float64Array;
}

/** From this many values on, normal values are made in blocks of as many. */
const blockSize = 16;
/** Ranges from here on take a 64-bit word a value. */
const wideRange = 2 ** 28;

/**
 * PyTorch's CPU generator after `torch.manual_seed(seed)`: the same values as `rand`, `randn`, `randint` and `randperm`
 * give there, call by call. Uniform values, integers and permutations are equal bit by bit; normal values differ in the
 * last bits, because PyTorch's vector units round logarithm and cosine differently.
 *
 * @param seed - A whole number; its low 32 bits count.
 * @throws {InputError} The seed is no whole number of 0..2^53 - 1.
 */
export function torchRandom(seed: number): TorchRandom {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new InputError('seed', 'a whole number of 0..2^53 - 1', String(seed));
  }
  const word = mersenneTwister(seed);
  // The second value of a pair waits here for the next draw of fewer than 16 normal values; nothing else clears it.
  let waiting: number | undefined;

  const float = (): number => (word() & 0xffffff) * 2 ** -24;
  const double = (): number => {
    const high = word();
    return ((high & 0x1fffff) * 2 ** 32 + word()) * 2 ** -53;
  };
  const single = (): number => {
    if (waiting !== undefined) {
      const value = waiting;
      waiting = undefined;
      return value;
    }
    const angle = 2 * Math.PI * double();
    const radius = Math.sqrt(-2 * Math.log1p(-double()));
    waiting = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  const fillNormal = (out: Float32Array | Float64Array, draw: () => number, mean: number, deviation: number): void => {
    if (out.length < blockSize) {
      for (let index = 0; index < out.length; index += 1) {
        out[index] = single() * deviation + mean;
      }
      return;
    }
    fill(out, draw);
    const full = out.length - (out.length % blockSize);
    for (let start = 0; start < full; start += blockSize) {
      transformBlock(out, start, mean, deviation);
    }
    if (full < out.length) {
      const last = out.length - blockSize;
      fill(out.subarray(last), draw);
      transformBlock(out, last, mean, deviation);
    }
  };
  const uniformBetween = (from: number, to: number, count: number): Float32Array =>
    // Rounded once, as a fused multiply-add.
    fill(new Float32Array(count), () => float() * Math.fround(to - from) + Math.fround(from));
  const normalWith = (mean: number, deviation: number, count: number): Float32Array => {
    const out = new Float32Array(count);
    fillNormal(out, float, mean, deviation);
    return out;
  };
  return {
    uniform: (count) => fill(new Float32Array(count), float),
    normal: (count) => normalWith(0, 1, count),
    integers: (low, high, count) => {
      const range = checkRange(low, high);
      const draw = range < wideRange ? () => word() % range : () => wideRemainder(word(), word(), range);
      return fill(new Int32Array(count), () => low + draw());
    },
    permutation: (count) => {
      const order = Int32Array.from({ length: count }, (_, index) => index);
      for (let index = 0; index < count - 1; index += 1) {
        const other = index + (word() % (count - index));
        [order[index], order[other]] = [order[other]!, order[index]!];
      }
      return order;
    },
    uniformBetween,
    normalWith,
    uniformDoubles: (count) => fill(new Float64Array(count), double),
    normalDoubles: (count) => {
      const out = new Float64Array(count);
      fillNormal(out, double, 0, 1);
      return out;
    },
  };
}

/** Pairs value j and j + 8 of a block of 16 uniform values (Box and Muller). */
function transformBlock(out: Float32Array | Float64Array, start: number, mean: number, deviation: number): void {
  for (let index = start; index < start + blockSize / 2; index += 1) {
    const radius = Math.sqrt(-2 * Math.log(1 - out[index]!)) * deviation;
    const angle = 2 * Math.PI * out[index + blockSize / 2]!;
    out[index] = radius * Math.cos(angle) + mean;
    out[index + blockSize / 2] = radius * Math.sin(angle) + mean;
  }
}

function fill<Values extends Float32Array | Float64Array | Int32Array>(out: Values, draw: () => number): Values {
  for (let index = 0; index < out.length; index += 1) {
    out[index] = draw();
  }
  return out;
}

/** `(high * 2^32 + low) % range` without 64-bit integers; range at most 2^32. */
function wideRemainder(high: number, low: number, range: number): number {
  let rest = high % range;
  for (const half of [low >>> 16, low & 0xffff]) {
    rest = (rest * 65536 + half) % range;
  }
  return rest;
}

/** Number of integers of `low..high - 1`. @throws {InputError} None, more than 2^32, or ends outside int32. */
export function checkRange(low: number, high: number): number {
  const fits = Number.isInteger(low) && Number.isInteger(high) && low >= -(2 ** 31) && high <= 2 ** 31 && low < high;
  if (!fits) {
    throw new InputError('integers', 'low < high, both int32', `${low} and ${high}`);
  }
  return high - low;
}
