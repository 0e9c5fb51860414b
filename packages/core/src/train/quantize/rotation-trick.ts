import * as tf from '@tensorflow/tfjs-core';

/** Which code guards divisions how; the values differ for short vectors only. */
export type RotationForm = 'official' | 'lucidrains';

/**
 * The rotation trick (arXiv 2410.06424): gives the code, and passes gradients to the vector through the rotation and
 * scaling that carries one to the other, held constant.
 *
 * With `u = x / |x|`, `q = e / |e|` and `w` the direction of `u + q`: `|e| / |x| · (x - 2 (x·w) w + 2 (x·u) q)`.
 *
 * @param x - `[..., D]`, float32.
 * @param code - The chosen code e of each vector, same shape; no gradient goes there.
 * @param form - `official` (cfifty/rotation_trick) adds 1e-6 to both lengths and divides `u + q` by its bare length:
 *   exactly opposite vectors give NaN. `lucidrains` divides by lengths of at least 1e-6. Default `lucidrains`.
 */
export function rotationTrick(x: tf.Tensor, code: tf.Tensor, form: RotationForm = 'lucidrains'): tf.Tensor {
  return tf.customGrad((...given) => {
    const [from, to, save] = given as unknown as [tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const guard = (norm: tf.Tensor) => (form === 'lucidrains' ? tf.maximum(norm, 1e-6) : tf.add(norm, 1e-6));
    const [fromLength, toLength] = [length(from), length(to)];
    const u = tf.div(from, guard(fromLength));
    const q = tf.div(to, guard(toLength));
    const sum = tf.add(u, q);
    const w = tf.div(sum, form === 'lucidrains' ? guard(length(sum)) : length(sum));
    const scale = tf.div(toLength, guard(fromLength));
    save([u, q, w, scale]);
    return {
      value: tf.mul(turn(from, w, u, q), scale),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [uSaved, qSaved, wSaved, scaleSaved] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
        return [tf.mul(turn(dy, wSaved, qSaved, uSaved), scaleSaved), tf.zerosLike(dy)];
      },
    };
  })(x, code);
}

/** `v - 2 (v·w) w + 2 (v·a) b`; with a and b exchanged, its transpose. */
function turn(v: tf.Tensor, w: tf.Tensor, a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const reflected = tf.mul(tf.mul(dot(v, w), w), 2);
  return tf.add(tf.sub(v, reflected), tf.mul(tf.mul(dot(v, a), b), 2));
}

function dot(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return tf.sum(tf.mul(a, b), -1, true);
}

function length(x: tf.Tensor): tf.Tensor {
  return tf.sqrt(tf.sum(tf.square(x), -1, true));
}
