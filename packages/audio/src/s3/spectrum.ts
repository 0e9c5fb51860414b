import type { HostTensors } from '@tesserae/core';
import { highestOf, whisperEnergies, whisperFrames, whisperScale } from '../dsp/log-mel';
import { longestRun } from './windows';

/** Of everything that S3 tokenizers take, Hz. */
export const sampleRate = 16_000;
/** Samples that a recording must be longer than: half a frame is mirrored at both ends. */
export const tooFewSamples = 200;

/** A log-mel spectrogram of which stretches are made when they are asked for. */
export interface Spectrum {
  readonly frames: number;
  /** `{ mel: [1, padded, mels], frames: [1] }` of frames `from` up to `to`, zeros behind them. */
  read(from: number, to: number, padded: number): HostTensors;
}

/** Frames between two looks at the signal. */
const stretch = 1000;

/**
 * The spectrum of a recording. Its values are held to the loudest of all: for long ones that is found first, in a pass
 * of its own, so that memory does not grow with them.
 *
 * @param samples - At {@link sampleRate}, more than {@link tooFewSamples}.
 */
export async function openSpectrum(samples: Float32Array, mels: number, signal?: AbortSignal): Promise<Spectrum> {
  const frames = whisperFrames(samples.length);
  const energiesOf = (from: number, to: number) => whisperEnergies(samples, to, { mels, from });
  if (frames <= longestRun) {
    const energies = energiesOf(0, frames);
    const highest = highestOf(energies);
    return spectrumOf(frames, mels, (from, to) => whisperScale(energies.subarray(from * mels, to * mels), highest));
  }
  let highest = -Infinity;
  for (let from = 0; from < frames; from += stretch) {
    signal?.throwIfAborted();
    highest = Math.max(highest, highestOf(energiesOf(from, Math.min(frames, from + stretch))));
    await nextTurn();
  }
  return spectrumOf(frames, mels, (from, to) => whisperScale(energiesOf(from, to), highest));
}

/**
 * A spectrum by its values.
 *
 * @param valuesOf - Frames `from` up to `to`, `[to - from, mels]`.
 */
export function spectrumOf(
  frames: number,
  mels: number,
  valuesOf: (from: number, to: number) => Float32Array,
): Spectrum {
  return {
    frames,
    read(from, to, padded) {
      const data = new Float32Array(padded * mels);
      data.set(valuesOf(from, to));
      return {
        mel: { shape: [1, padded, mels], data },
        frames: { shape: [1], data: Float32Array.of(to - from) },
      };
    },
  };
}

/** The event loop goes on: whoever waits may cancel. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
