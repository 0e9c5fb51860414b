import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { mulberry32 } from '@tesserae/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { htkMelFilters } from '../dsp/mel-filters';
import { melEnergies, spectrumMagnitudes } from '../dsp/spectrum-frames';
import { magnitudes, stft } from '../dsp/stft';
import { spectralLosses, waveformLoss } from './spectral-losses';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const noise = (seed: number, batch: number, samples: number) =>
  tf.tensor2d(
    mulberry32(seed)
      .normal(batch * samples)
      .map((value) => value * 0.2),
    [batch, samples],
  );
const options = {
  sampleRate: 8000,
  resolutions: [
    { fftLength: 32, hopLength: 8, mels: 6 },
    { fftLength: 16, hopLength: 4, mels: 0 },
  ],
} as const;

describe('spectrumMagnitudes', () => {
  it('is the short-time Fourier transform of whole frames', () => {
    const signal = noise(1, 2, 61);
    const rows = signal.arraySync();
    const found = spectrumMagnitudes(signal, { fftLength: 16, hopLength: 4 });
    expect(found.shape).toEqual([2, 12, 9]);
    const wanted = rows.flatMap((row) => [
      ...magnitudes(stft(Float32Array.from(row), { fftLength: 16, hopLength: 4, padding: 'none' })),
    ]);
    // 61 samples hold 15 blocks of 4: the last one is left out here as there.
    found.dataSync().forEach((value, index) => expect(value).toBeCloseTo(wanted[index]!, 3));
  });
});

describe('melEnergies', () => {
  it('weighs the bins of each band', () => {
    const filters = htkMelFilters({ sampleRate: 8000, fftLength: 32, mels: 5 });
    const spectra = tf.ones([1, 2, 17]) as tf.Tensor3D;
    const found = melEnergies(spectra, filters).dataSync();
    for (let mel = 0; mel < 5; mel += 1) {
      const sum = filters.data.subarray(mel * 17, (mel + 1) * 17).reduce((total, value) => total + value, 0);
      expect(found[mel]).toBeCloseTo(sum, 5);
      expect(found[5 + mel]).toBeCloseTo(sum, 5);
    }
  });
});

describe('spectralLosses', () => {
  it('is 0 for equal sounds and for the negative, and grows with loudness', () => {
    const target = noise(2, 2, 96);
    for (const sign of [1, -1]) {
      const { mel, stft: magnitude } = spectralLosses(tf.mul(target, sign), target, options);
      expect(mel.dataSync()[0]).toBeCloseTo(0, 5);
      expect(magnitude.dataSync()[0]).toBeCloseTo(0, 5);
    }
    const louder = spectralLosses(tf.mul(target, Math.E), target, options);
    // Every logarithm is 1 larger, but for what is added to keep silence finite.
    expect(louder.mel.dataSync()[0]).toBeGreaterThan(0.95);
    expect(louder.mel.dataSync()[0]).toBeLessThan(1);
    expect(louder.stft.dataSync()[0]).toBeGreaterThan(Math.E - 1 + 0.8);
  });

  it('has the gradient of finite differences', () => {
    const [output, target] = [noise(3, 1, 48), noise(4, 1, 48)];
    const parts = {
      mel: (x: tf.Tensor) => spectralLosses(x as tf.Tensor2D, target, options).mel,
      stft: (x: tf.Tensor) => spectralLosses(x as tf.Tensor2D, target, options).stft,
      waveform: (x: tf.Tensor) => waveformLoss(x, target),
    };
    for (const loss of Object.values(parts)) {
      const gradient = tf.grad(loss)(output).dataSync();
      const values = output.dataSync();
      for (const index of [0, 7, 20, 33, 47]) {
        const at = (shift: number) => {
          const moved = Float32Array.from(values);
          moved[index]! += shift;
          return loss(tf.tensor2d(moved, [1, 48])).dataSync()[0]!;
        };
        const step = 1e-3;
        expect(gradient[index]).toBeCloseTo((at(step) - at(-step)) / (2 * step), 2);
      }
    }
  });
});

describe('waveformLoss', () => {
  it('is the part of the target that is missed', () => {
    const target = tf.tensor2d([[1, -1, 2]]);
    expect(waveformLoss(tf.zerosLike(target), target).dataSync()[0]).toBeCloseTo(1, 3);
    expect(waveformLoss(tf.mul(target, 1.5), target).dataSync()[0]).toBeCloseTo(0.5, 3);
  });
});
