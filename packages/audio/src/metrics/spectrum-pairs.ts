import { realFft } from '../dsp/real-fft';
import { hannWindow } from '../dsp/windows';
import { checkSamplePair } from './sample-pair';

export interface SpectrumOptions {
  /** Samples of a transform. */
  readonly fftLength: number;
  /** Samples between frames. */
  readonly hopLength: number;
  /** Samples of the periodic Hann window, in the middle of the transform. Default `fftLength`. */
  readonly windowLength?: number;
  /** Samples that are mirrored at both ends. Default half of `fftLength`: frame n is centered at sample n * hop. */
  readonly margin?: number;
}

/**
 * The magnitudes of two waveforms, frame by frame: nothing is kept, so that memory does not grow with the length.
 *
 * @param visit - Gets both spectra, `[floor(fftLength / 2) + 1]` in float64; they are overwritten by the next frame.
 * @returns Number of frames.
 * @throws {InputError} As {@link checkSamplePair}; too short to be mirrored.
 */
export function eachSpectrumPair(
  reference: Float32Array,
  estimate: Float32Array,
  options: SpectrumOptions,
  visit: (reference: Float64Array, estimate: Float64Array) => void,
): number {
  const { fftLength, hopLength, windowLength = fftLength, margin = Math.floor(fftLength / 2) } = options;
  checkSamplePair(reference, estimate, margin + 1);
  const window = new Float64Array(fftLength);
  window.set(hannWindow(windowLength), Math.floor((fftLength - windowLength) / 2));
  const [a, b] = [reference, estimate].map((samples) => spectrumReader(samples, window, margin)) as [Reader, Reader];
  const frames = Math.max(0, Math.floor((reference.length + 2 * margin - fftLength) / hopLength) + 1);
  for (let frame = 0; frame < frames; frame += 1) visit(a(frame * hopLength), b(frame * hopLength));
  return frames;
}

/** Magnitudes of the frame that begins at a sample of the padded waveform. */
type Reader = (start: number) => Float64Array;

function spectrumReader(samples: Float32Array, window: Float64Array, margin: number): Reader {
  const { length } = window;
  const { bins, forward } = realFft(length);
  const frame = new Float64Array(length);
  const real = new Float64Array(bins);
  const imaginary = new Float64Array(bins);
  const magnitudes = new Float64Array(bins);
  const last = samples.length - 1;
  return (start) => {
    for (let index = 0; index < length; index += 1) {
      const at = Math.abs(start + index - margin);
      frame[index] = samples[at > last ? 2 * last - at : at]! * window[index]!;
    }
    forward(frame, real, imaginary);
    for (let bin = 0; bin < bins; bin += 1) {
      magnitudes[bin] = Math.sqrt(real[bin]! * real[bin]! + imaginary[bin]! * imaginary[bin]!);
    }
    return magnitudes;
  };
}
