import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { onCpu } from '../../test/on-cpu';
import { hannWindow } from '../dsp/windows';
import { inverseStft } from './inverse-stft';

const values = (count: number, seed: number) => Array.from({ length: count }, (_, at) => Math.sin(seed + 1.7 * at));

/** By the definition, in float64: every sample of every frame as a sum over all bins, then frames over each other. */
function byDefinition(
  real: readonly number[],
  imaginary: readonly number[],
  size: number,
  hop: number,
  frames: number,
) {
  const bins = size / 2 + 1;
  const window = hannWindow(size);
  const length = (frames - 1) * hop + size;
  const [sound, envelope] = [new Float64Array(length), new Float64Array(length)];
  for (let frame = 0; frame < frames; frame += 1) {
    for (let sample = 0; sample < size; sample += 1) {
      let sum = 0;
      for (let bin = 0; bin < bins; bin += 1) {
        const angle = (2 * Math.PI * bin * sample) / size;
        const isEdge = bin === 0 || bin === bins - 1;
        const at = frame * bins + bin;
        // Imaginary parts of the edges are ignored.
        sum += isEdge
          ? real[at]! * Math.cos(angle)
          : 2 * (real[at]! * Math.cos(angle) - imaginary[at]! * Math.sin(angle));
      }
      sound[frame * hop + sample]! += (window[sample]! * sum) / size;
      envelope[frame * hop + sample]! += window[sample]! ** 2;
    }
  }
  return sound.map((value, at) => value / envelope[at]!);
}

describe('inverseStft', () => {
  it.each([
    [16, 4, 5, 'same'],
    [16, 4, 1, 'same'],
    [20, 5, 4, 'same'],
    [12, 3, 6, 'center'],
    [4, 2, 4, 'center'],
    [6, 2, 5, 'same'],
  ] as const)('of %i samples, hop %i, %i frames, %s', async (fftLength, hopLength, frames, padding) => {
    const count = frames * (fftLength / 2 + 1);
    const [real, imaginary] = [values(count, 1), values(count, 2)];
    const shape: [number, number, number] = [1, frames, fftLength / 2 + 1];
    const given = await onCpu(() =>
      inverseStft(tf.tensor3d(real, shape), tf.tensor3d(imaginary, shape), { fftLength, hopLength, padding }),
    );
    const margin = padding === 'same' ? Math.floor((fftLength - hopLength) / 2) : fftLength / 2;
    const whole = byDefinition(real, imaginary, fftLength, hopLength, frames);
    const wanted = whole.slice(margin, whole.length - margin);
    expect(given).toHaveLength(wanted.length);
    wanted.forEach((value, at) => expect(given[at]).toBeCloseTo(value, 4));
  });
});
