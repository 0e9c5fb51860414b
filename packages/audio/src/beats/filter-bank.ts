import { type HostTensor, InputError } from '@tesserae/core';
import { kaldiFbank } from '../dsp/kaldi-fbank';

/** Hz. */
export const sampleRate = 16_000;
/** Bands of the filter bank. */
export const melBins = 128;

/** 25 ms and 10 ms. */
const frameLength = 400;
const frameShift = 160;
/** Samples are on the scale of 16-bit integers. */
const sampleScale = 2 ** 15;
/** Of the training data (`preprocess` of `Tokenizers.py`); what is subtracted and half of what is divided by. */
const bankMean = 15.41663;
const bankDeviation = 6.55582;
/** Frames at a time: the spectra of an hour would take a gigabyte. */
const blockFrames = 4096;

/** Samples in which so many frames fit. */
export function samplesOfFrames(frames: number): number {
  return frameLength + (frames - 1) * frameShift;
}

/** Whole frames that fit into so many samples. */
export function framesOfSamples(samples: number): number {
  return samples < frameLength ? 0 : 1 + Math.floor((samples - frameLength) / frameShift);
}

/**
 * What every BEATs tokenizer hears: Kaldi's log filter bank, brought to about mean 0 and deviation 1/2.
 *
 * @param samples - Waveform at 16 kHz, -1..1; at least one frame of 400 samples.
 * @param frames - How many to compute; default all that fit.
 * @returns `[1, frames, 128]`, float32.
 * @throws {InputError} `not-finite`: samples so large that their energies are infinite.
 */
export function beatsFilterBank(samples: Float32Array, frames = framesOfSamples(samples.length)): HostTensor {
  const data = new Float32Array(frames * melBins);
  for (let start = 0; start < frames; start += blockFrames) {
    const end = Math.min(frames, start + blockFrames);
    const from = start * frameShift;
    const block = samples.subarray(from, from + samplesOfFrames(end - start)).map((value) => value * sampleScale);
    const energies = kaldiFbank(block, { sampleRate, mels: melBins }).data;
    for (let index = 0; index < energies.length; index += 1) {
      data[start * melBins + index] = (energies[index]! - bankMean) / (2 * bankDeviation);
    }
  }
  const wrong = data.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    throw new InputError('input', 'samples of about -1..1', `infinite energy in frame ${Math.floor(wrong / melBins)}`, {
      code: 'not-finite',
    });
  }
  return { shape: [1, frames, melBins], data };
}
