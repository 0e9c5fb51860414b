import * as tf from '@tensorflow/tfjs-core';
import { hannWindow } from '../dsp/windows';
import type { HeadConfig } from './config';

const bases = new Map<number, Float32Array>();

/**
 * The inverse real transform with the synthesis window folded in, `[fftLength + 2, fftLength]`: rows of the real parts,
 * then of the imaginary ones. Those of the first and of the last bin are ignored, as `irfft` does.
 */
export function inverseBasis(fftLength: number): Float32Array {
  const known = bases.get(fftLength);
  if (known) return known;
  const bins = fftLength / 2 + 1;
  const window = hannWindow(fftLength);
  const cosine = Float64Array.from({ length: fftLength }, (_, step) => Math.cos((2 * Math.PI * step) / fftLength));
  const basis = new Float32Array(2 * bins * fftLength);
  for (let bin = 0; bin < bins; bin += 1) {
    const isEdge = bin === 0 || bin === bins - 1;
    const scale = (isEdge ? 1 : 2) / fftLength;
    for (let sample = 0; sample < fftLength; sample += 1) {
      const turn = (bin * sample) % fftLength;
      const weight = scale * window[sample]!;
      basis[bin * fftLength + sample] = weight * cosine[turn]!;
      // -sin(t) = cos(t + a quarter turn).
      const sine =
        fftLength % 4 === 0 ? cosine[(turn + fftLength / 4) % fftLength]! : -Math.sin((2 * Math.PI * turn) / fftLength);
      basis[(bins + bin) * fftLength + sample] = isEdge ? 0 : weight * sine;
    }
  }
  bases.set(fftLength, basis);
  return basis;
}

/**
 * Inverse short-time Fourier transform by a product with {@link inverseBasis} and shifted sums, which every engine has.
 *
 * @param real - `[B, F, fftLength / 2 + 1]`, float32; `imaginary` likewise.
 * @returns `[B, F * hop]` (`same`) or `[B, (F - 1) * hop]` (`center`).
 */
export function inverseStft(
  real: tf.Tensor3D,
  imaginary: tf.Tensor3D,
  { fftLength, hopLength, padding }: HeadConfig,
): tf.Tensor2D {
  const [batch, frames, bins] = real.shape;
  return tf.tidy(() => {
    const rows = tf.reshape(tf.concat([real, imaginary], 2), [batch * frames, 2 * bins]) as tf.Tensor2D;
    const basis = tf.tensor2d(inverseBasis(fftLength), [2 * bins, fftLength]);
    const sound = overlapAdd(tf.reshape(tf.matMul(rows, basis), [batch, frames, fftLength]) as tf.Tensor3D, hopLength);
    const squares = tf.tensor1d(Float32Array.from(hannWindow(fftLength), (value) => value * value));
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
