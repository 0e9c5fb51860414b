import * as tf from '@tensorflow/tfjs-core';
import { hannWindow } from './windows';

/** How a signal is cut for {@link spectrumMagnitudes}. */
export interface SpectrumFrames {
  /** Samples of a frame. */
  readonly fftLength: number;
  /** Samples between frames; divides `fftLength`. */
  readonly hopLength: number;
}

/** Added to squared magnitudes, so that silence has a gradient. */
const epsilon = 1e-9;

const bases = new Map<number, Float32Array>();

/**
 * The real transform with Hann's window folded in, `[fftLength, fftLength + 2]`: columns of the real parts, then of the
 * imaginary ones.
 */
export function forwardBasis(fftLength: number): Float32Array {
  const known = bases.get(fftLength);
  if (known) return known;
  const bins = fftLength / 2 + 1;
  const window = hannWindow(fftLength);
  const angle = (2 * Math.PI) / fftLength;
  const cosine = Float64Array.from({ length: fftLength }, (_, step) => Math.cos(angle * step));
  const sine = Float64Array.from({ length: fftLength }, (_, step) => Math.sin(angle * step));
  const basis = new Float32Array(fftLength * 2 * bins);
  for (let sample = 0; sample < fftLength; sample += 1) {
    for (let bin = 0; bin < bins; bin += 1) {
      const turn = (bin * sample) % fftLength;
      basis[sample * 2 * bins + bin] = window[sample]! * cosine[turn]!;
      basis[sample * 2 * bins + bins + bin] = -window[sample]! * sine[turn]!;
    }
  }
  bases.set(fftLength, basis);
  return basis;
}

/**
 * Magnitudes of a short-time Fourier transform by one product, which every engine has and which has a gradient.
 *
 * @param signal - `[B, T]`, float32.
 * @returns `[B, F, fftLength / 2 + 1]`, F the whole frames that fit: nothing is padded.
 */
export function spectrumMagnitudes(signal: tf.Tensor2D, { fftLength, hopLength }: SpectrumFrames): tf.Tensor3D {
  const bins = fftLength / 2 + 1;
  return tf.tidy(() => {
    const frames = overlappingFrames(signal, fftLength, hopLength);
    const [batch, count] = frames.shape;
    const basis = tf.tensor2d(forwardBasis(fftLength), [fftLength, 2 * bins]);
    const both = tf.square(tf.matMul(tf.reshape(frames, [batch * count, fftLength]) as tf.Tensor2D, basis));
    const [real, imaginary] = tf.split(both, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
    return tf.reshape(tf.sqrt(tf.add(tf.add(real, imaginary), epsilon)), [batch, count, bins]);
  });
}

/** `[B, T]` as `[B, F, length]`. */
function overlappingFrames(signal: tf.Tensor2D, length: number, hop: number): tf.Tensor3D {
  const [batch, samples] = signal.shape;
  const blocks = Math.floor(samples / hop);
  const parts = length / hop;
  const count = blocks - parts + 1;
  const whole = blocks * hop === samples ? signal : tf.slice(signal, [0, 0], [batch, blocks * hop]);
  const rows = tf.reshape(whole, [batch, blocks, hop]);
  return tf.concat(
    Array.from({ length: parts }, (_, part) => tf.slice(rows, [0, part, 0], [batch, count, hop])),
    2,
  ) as tf.Tensor3D;
}

/**
 * Mel energies of magnitudes.
 *
 * @param spectra - `[B, F, bins]`.
 * @param filters - `[mels, bins]`.
 * @returns `[B, F, mels]`.
 */
export function melEnergies(
  spectra: tf.Tensor3D,
  { mels, bins, data }: { readonly mels: number; readonly bins: number; readonly data: Float32Array },
): tf.Tensor3D {
  const [batch, frames] = spectra.shape;
  return tf.tidy(() => {
    const rows = tf.reshape(spectra, [batch * frames, bins]) as tf.Tensor2D;
    const columns = tf.tensor2d(transposed(data, mels, bins), [bins, mels]);
    return tf.reshape(tf.matMul(rows, columns), [batch, frames, mels]) as tf.Tensor3D;
  });
}

function transposed(data: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(data.length);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) out[column * rows + row] = data[row * columns + column]!;
  }
  return out;
}
