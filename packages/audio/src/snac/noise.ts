import type { HostTensor } from '@tesserae/core';
import { InputError, mulberry32 } from '@tesserae/core/data';

/** Numbers that are drawn at once: any stretch can be drawn again without what lies before it. */
const blockLength = 256;

/**
 * Standard normal numbers that belong to a seed, a stage and a place in time.
 *
 * @param seed - A whole number of 32 bits.
 * @param from - First place.
 * @returns `[1, count, 1]`.
 * @throws {InputError} `seed` is not a whole number from 0 to 2 ** 32 - 1.
 */
export function noiseAt(seed: number, stage: number, from: number, count: number): HostTensor {
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
    throw new InputError('noise', "a whole number in 0..4294967295, or 'none'", String(seed));
  }
  const data = new Float32Array(count);
  for (let at = 0; at < count;) {
    const block = Math.floor((from + at) / blockLength);
    const offset = from + at - block * blockLength;
    const drawn = mulberry32(blockSeed(seed, stage, block))
      .normal(blockLength)
      .subarray(offset, offset + count - at);
    data.set(drawn, at);
    at += drawn.length;
  }
  return { shape: [1, count, 1], data };
}

/** Mixed so that neighbors have unlike states. */
function blockSeed(seed: number, stage: number, block: number): number {
  let mixed = (seed ^ Math.imul(stage + 1, 0x9e3779b1) ^ Math.imul(block + 1, 0x85ebca6b)) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
