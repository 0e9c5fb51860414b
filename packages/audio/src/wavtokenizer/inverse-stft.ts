import * as tf from '@tensorflow/tfjs-core';
import { hannWindow } from '../dsp/windows';
import type { HeadConfig } from './config';

/** Rows of bins by the samples `0..n/2` of a transform, `[n/2 + 1, n/2 + 1]` each. */
export interface InverseBasis {
  readonly cosines: Float32Array;
  readonly sines: Float32Array;
}

const bases = new Map<number, InverseBasis>();

/**
 * The inverse real transform up to the middle of a frame: samples of the other half are the same cosines and the sines
 * turned around. Imaginary parts of the first and of the last bin are ignored, as `irfft` does.
 *
 * @param fftLength - Even.
 */
export function inverseBasis(fftLength: number): InverseBasis {
  const known = bases.get(fftLength);
  if (known) return known;
  const size = fftLength / 2 + 1;
  const turns = (of: (angle: number) => number) =>
    Float64Array.from({ length: fftLength }, (_, step) => of((2 * Math.PI * step) / fftLength));
  const [cosine, sine] = [turns(Math.cos), turns(Math.sin)];
  const basis = { cosines: new Float32Array(size * size), sines: new Float32Array(size * size) };
  for (let bin = 0; bin < size; bin += 1) {
    const isEdge = bin === 0 || bin === size - 1;
    const scale = (isEdge ? 1 : 2) / fftLength;
    for (let sample = 0; sample < size; sample += 1) {
      const turn = (bin * sample) % fftLength;
      basis.cosines[bin * size + sample] = scale * cosine[turn]!;
      basis.sines[bin * size + sample] = isEdge ? 0 : -scale * sine[turn]!;
    }
  }
  bases.set(fftLength, basis);
  return basis;
}

/**
 * Inverse short-time Fourier transform by products with {@link inverseBasis} and shifted sums, which every engine has.
 *
 * @param real - `[B, F, fftLength / 2 + 1]`, float32; `imaginary` likewise.
 * @returns `[B, F * hop]` (`same`) or `[B, (F - 1) * hop]` (`center`).
 */
export function inverseStft(
  real: tf.Tensor3D,
  imaginary: tf.Tensor3D,
  { fftLength, hopLength, padding }: Omit<HeadConfig, 'inputs'>,
): tf.Tensor2D {
  const [batch, frames, bins] = real.shape;
  return tf.tidy(() => {
    const { cosines, sines } = inverseBasis(fftLength);
    const product = (x: tf.Tensor3D, basis: Float32Array) =>
      tf.matMul(tf.reshape(x, [batch * frames, bins]) as tf.Tensor2D, tf.tensor2d(basis, [bins, bins]));
    const [even, odd] = [product(real, cosines), product(imaginary, sines)];
    const window = tf.tensor1d(Float32Array.from(hannWindow(fftLength)));
    const whole = tf.mul(tf.concat([tf.add(even, odd), mirrored(tf.sub(even, odd))], 1), window);
    const sound = overlapAdd(tf.reshape(whole, [batch, frames, fftLength]) as tf.Tensor3D, hopLength);
    const squares = tf.mul(window, window);
    const envelope = overlapAdd(
      tf.tile(tf.reshape(squares, [1, 1, fftLength]), [1, frames, 1]) as tf.Tensor3D,
      hopLength,
    );
    const margin = padding === 'same' ? Math.floor((fftLength - hopLength) / 2) : fftLength / 2;
    const kept = sound.shape[1] - 2 * margin;
    const inside = (x: tf.Tensor2D) => tf.slice(x, [0, margin], [x.shape[0], kept]);
    return tf.div(inside(sound), inside(envelope)) as tf.Tensor2D;
  });
}

/** The columns between the first and the last, turned around. */
function mirrored(x: tf.Tensor2D): tf.Tensor2D {
  return tf.reverse(tf.slice(x, [0, 1], [x.shape[0], x.shape[1] - 2]), 1);
}

/** Frames `[B, F, n]` laid over each other `hop` samples apart and added: `[B, (F - 1) * hop + n]`; hop divides n. */
function overlapAdd(frames: tf.Tensor3D, hop: number): tf.Tensor2D {
  const [batch, count, length] = frames.shape;
  const parts = length / hop;
  const pieces = tf.unstack(tf.reshape(frames, [batch, count, parts, hop]), 2) as tf.Tensor3D[];
  const shifted = pieces.map((piece, index) =>
    tf.pad(piece, [
      [0, 0],
      [index, parts - 1 - index],
      [0, 0],
    ]),
  );
  return tf.reshape(tf.addN(shifted), [batch, (count + parts - 1) * hop]) as tf.Tensor2D;
}
