import * as tf from '@tensorflow/tfjs-core';
import { hannWindow } from '../dsp/windows';
import type { HeadConfig } from './config';

/** Rows of every second bin, the even and the odd ones, by samples: `[size, size]` each. */
interface HalfBasis {
  readonly size: number;
  readonly even: Float32Array;
  readonly odd: Float32Array;
}

/** Of the samples `0..n/4` of a transform, what real and imaginary parts are multiplied with. */
interface InverseBasis {
  readonly cosines: HalfBasis;
  readonly sines: HalfBasis;
}

const bases = new Map<number, InverseBasis>();

/**
 * The inverse real transform up to a quarter of a frame: samples of the other quarters are the same products with other
 * signs. Imaginary parts of the first and of the last bin are ignored, as `irfft` does.
 *
 * @param fftLength - Even.
 */
function inverseBasis(fftLength: number): InverseBasis {
  const known = bases.get(fftLength);
  if (known) return known;
  const middle = fftLength / 2;
  // Bins in pairs of an even and an odd one; the last odd one may be missing.
  const size = Math.floor(fftLength / 4) + 1;
  const turns = (of: (angle: number) => number) =>
    Float64Array.from({ length: fftLength }, (_, step) => of((2 * Math.PI * step) / fftLength));
  const half = (parity: 0 | 1, turn: Float64Array, edge: number, inner: number) => {
    const values = new Float32Array(size * size);
    for (let row = 0; row < size; row += 1) {
      const bin = 2 * row + parity;
      if (bin > middle) continue;
      const scale = (bin === 0 || bin === middle ? edge : inner) / fftLength;
      for (let sample = 0; sample < size; sample += 1)
        values[row * size + sample] = scale * turn[(bin * sample) % fftLength]!;
    }
    return values;
  };
  const both = (turn: Float64Array, edge: number, inner: number): HalfBasis => ({
    size,
    even: half(0, turn, edge, inner),
    odd: half(1, turn, edge, inner),
  });
  const basis = { cosines: both(turns(Math.cos), 1, 2), sines: both(turns(Math.sin), 0, -2) };
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
    const flat = (x: tf.Tensor3D) => tf.reshape(x, [batch * frames, bins]) as tf.Tensor2D;
    const [cosine, sine] = [products(flat(real), cosines), products(flat(imaginary), sines)];
    // Samples n and n/2 - n of the frame; then those that mirror them.
    const [near, far] = [tf.add(cosine.even, cosine.odd), tf.sub(cosine.even, cosine.odd)];
    const [nearTurn, farTurn] = [tf.add(sine.even, sine.odd), tf.sub(sine.odd, sine.even)];
    const { size } = cosines;
    const others = fftLength / 2 - size;
    const quarters = [
      tf.add(near, nearTurn),
      backwards(tf.add(far, farTurn), 0, others + 1),
      columns(tf.sub(far, farTurn), 1, others),
      backwards(tf.sub(near, nearTurn), 1, size - 1),
    ];
    const window = tf.tensor1d(Float32Array.from(hannWindow(fftLength)));
    const whole = tf.mul(tf.concat(quarters, 1), window);
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

/** Sums over the even and over the odd bins, `[rows, n/4 + 1]`. @param x - `[rows, bins]`. */
function products(
  x: tf.Tensor2D,
  { size, even: evenBasis, odd: oddBasis }: HalfBasis,
): { readonly even: tf.Tensor2D; readonly odd: tf.Tensor2D } {
  const [rows, bins] = x.shape;
  const whole = tf.pad(x, [
    [0, 0],
    [0, 2 * size - bins],
  ]);
  const [even, odd] = tf.unstack(tf.reshape(whole, [rows, size, 2]), 2) as [tf.Tensor2D, tf.Tensor2D];
  return {
    even: tf.matMul(even, tf.tensor2d(evenBasis, [size, size])),
    odd: tf.matMul(odd, tf.tensor2d(oddBasis, [size, size])),
  };
}

function columns(x: tf.Tensor2D, start: number, count: number): tf.Tensor2D {
  return tf.slice(x, [0, start], [x.shape[0], count]);
}

/** Columns turned around. */
function backwards(x: tf.Tensor2D, start: number, count: number): tf.Tensor2D {
  return tf.reverse(columns(x, start, count), 1);
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
