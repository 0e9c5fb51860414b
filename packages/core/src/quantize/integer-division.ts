import * as tf from '@tensorflow/tfjs-core';

/**
 * Whole quotients of int32 numbers, exact up to 2^31 - 1 on every engine.
 *
 * Some engines divide integers in float32, which has 24 bits: the estimate is corrected by its own remainder, which is
 * small enough to be exact, and then by comparison.
 *
 * @param dividend - `[...]`, int32, not negative.
 * @param divisors - Whole numbers, at least 1.
 * @returns `[..., divisors.length]`, int32.
 */
function wholeQuotients(dividend: tf.Tensor, divisors: readonly number[]): tf.Tensor {
  return tf.tidy(() => {
    const whole = tf.expandDims(dividend, -1);
    const divisor = tf.tensor1d([...divisors], 'int32');
    const approximate = tf.tensor1d([...divisors]);
    const estimate = (x: tf.Tensor) => tf.cast(tf.floor(tf.div(tf.cast(x, 'float32'), approximate)), 'int32');
    const remainder = (quotient: tf.Tensor) => tf.sub(whole, tf.mul(quotient, divisor));

    const first = estimate(whole);
    const second = tf.add(first, estimate(remainder(first)));
    const rest = remainder(second);
    const above = tf.cast(tf.greaterEqual(rest, divisor), 'int32');
    const below = tf.cast(tf.less(rest, tf.scalar(0, 'int32')), 'int32');
    return tf.sub(tf.add(second, above), below);
  });
}

/**
 * Digits of int32 numbers in a mixed radix, the first digit least significant; exact up to 2^31 - 1 on every engine.
 *
 * @param numbers - `[...]`, int32, in `0..product of levels - 1`.
 * @param levels - Radix of each digit, at least 2.
 * @returns `[..., levels.length]`, int32.
 */
export function mixedRadixDigits(numbers: tf.Tensor, levels: readonly number[]): tf.Tensor {
  return tf.tidy(() => {
    // What lies above each digit, and above it and its radix: the first column of the one is the number itself.
    const bases = placeValues(levels);
    const quotients = levels.length > 1 ? [wholeQuotients(numbers, bases.slice(1))] : [];
    const above = tf.concat([tf.expandDims(numbers, -1), ...quotients], -1);
    const beyond = tf.concat([...quotients, tf.zerosLike(tf.expandDims(numbers, -1))], -1);
    return tf.sub(above, tf.mul(beyond, tf.tensor1d([...levels], 'int32')));
  });
}

/**
 * The inverse of {@link mixedRadixDigits}: `[..., levels.length]`, int32, to `[...]`, int32.
 *
 * @param levels - Their product is at most 2^31.
 */
export function mixedRadixNumbers(digits: tf.Tensor, levels: readonly number[]): tf.Tensor {
  return tf.tidy(() => tf.sum(tf.mul(digits, tf.tensor1d(placeValues(levels), 'int32')), -1));
}

/** What one step of each digit counts: `[8, 5, 4]` to `[1, 8, 40]`. */
export function placeValues(levels: readonly number[]): number[] {
  let base = 1;
  return levels.map((count) => {
    const own = base;
    base *= count;
    return own;
  });
}
