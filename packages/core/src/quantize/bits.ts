import * as tf from '@tensorflow/tfjs-core';
import { ShapeError } from '../errors/shape-error';
import { mixedRadixDigits, mixedRadixNumbers } from './integer-division';

/**
 * Which bit of an id belongs to the first channel: the most significant one (lucidrains LFQ, BSQ, ELM), or the least
 * significant one (Open-MAGVIT2, WeTok, BinaryMapper).
 */
export type BitOrder = 'msb' | 'lsb';

/** Ids are int32: more bits leave as several groups or as bits. */
export const largestIdBits = 31;

/** `[...]` to int32 of the same shape: 1 where `x` is above 0. Zero, minus zero and NaN give 0, as in the official code. */
export function signBits(x: tf.Tensor): tf.Tensor {
  return tf.tidy(() => tf.cast(tf.greater(x, 0), 'int32'));
}

/** Bits 0 and 1 to float32 -1 and 1, or to `-scale` and `scale`. */
export function bitSigns(bits: tf.Tensor, scale = 1): tf.Tensor {
  return tf.tidy(() => tf.sub(tf.mul(tf.cast(bits, 'float32'), 2 * scale), scale));
}

/**
 * Ids of bits.
 *
 * @param bits - `[..., n]`, int32 0 or 1, n in 1..31.
 * @returns `[...]`, int32 in `0..2^n - 1`.
 * @throws {ShapeError} More than 31 bits: use {@link groupIds}.
 */
export function idsOfBits(bits: tf.Tensor, order: BitOrder): tf.Tensor {
  const count = lastAxis(bits, 'idsOfBits: bits');
  return tf.tidy(() => mixedRadixNumbers(order === 'lsb' ? bits : tf.reverse(bits, -1), binary(count)));
}

/**
 * The inverse of {@link idsOfBits}: ids `[...]`, int32, to bits `[..., count]`, int32.
 *
 * @param count - 1..31.
 * @throws {ShapeError} More than 31 bits.
 */
export function bitsOfIds(ids: tf.Tensor, count: number, order: BitOrder): tf.Tensor {
  if (count > largestIdBits) throw new ShapeError('bitsOfIds: bits of an id', `at most ${largestIdBits}`, [count]);
  return tf.tidy(() => {
    const bits = mixedRadixDigits(ids, binary(count));
    return order === 'lsb' ? bits : tf.reverse(bits, -1);
  });
}

/**
 * Cuts the bits of a token into consecutive groups, one id each: exact for tokens of any length.
 *
 * @param bits - `[..., n]`, int32 0 or 1.
 * @param groups - Bits of each group in channel order, 1..31 each, n together: `[9, 9]`.
 * @returns `[..., groups.length]`, int32; `order` is that inside a group.
 * @throws {ShapeError} The groups are not n bits together, or one is too long.
 */
export function groupIds(bits: tf.Tensor, groups: readonly number[], order: BitOrder): tf.Tensor {
  assertGroups(bits, groups);
  return tf.tidy(() => {
    const parts = tf.split(bits, [...groups], -1);
    return tf.stack(
      parts.map((part) => idsOfBits(part, order)),
      -1,
    );
  });
}

/** The inverse of {@link groupIds}: `[..., groups.length]`, int32, to bits `[..., n]`, int32. @throws {ShapeError} */
export function bitsOfGroupIds(ids: tf.Tensor, groups: readonly number[], order: BitOrder): tf.Tensor {
  if (ids.shape.at(-1) !== groups.length) {
    throw new ShapeError('bitsOfGroupIds: ids', `[..., ${groups.length}]`, ids.shape);
  }
  return tf.tidy(() => {
    const parts = tf.unstack(ids, -1);
    return tf.concat(
      parts.map((part, index) => bitsOfIds(part, groups[index]!, order)),
      -1,
    );
  });
}

/**
 * Cuts the same bits another way, as autoregressive models with several heads a token do (`token_factorization`):
 * the bits of all groups, one after the other, are cut again at `to`.
 *
 * @param ids - `[..., from.length]`, int32.
 * @returns `[..., to.length]`, int32.
 * @throws {ShapeError} The groups do not have equally many bits together.
 */
export function regroupIds(ids: tf.Tensor, from: readonly number[], to: readonly number[], order: BitOrder): tf.Tensor {
  return tf.tidy(() => groupIds(bitsOfGroupIds(ids, from, order), to, order));
}

function assertGroups(bits: tf.Tensor, groups: readonly number[]): void {
  const total = groups.reduce((sum, count) => sum + count, 0);
  if (bits.shape.at(-1) !== total) {
    throw new ShapeError(`groupIds: bits for groups ${groups.join(' + ')}`, `[..., ${total}]`, bits.shape);
  }
}

function lastAxis(bits: tf.Tensor, name: string): number {
  const count = bits.shape.at(-1) ?? 0;
  if (count < 1 || count > largestIdBits) throw new ShapeError(name, `[..., 1..${largestIdBits}]`, bits.shape);
  return count;
}

function binary(count: number): number[] {
  return new Array<number>(count).fill(2);
}
