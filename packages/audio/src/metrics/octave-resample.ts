import { commonDivisor } from '../dsp/resample';
import { kaiserWindow } from '../dsp/windows';

const rejection = 60;

/**
 * Polyphase resampling in float64 with the filter of Octave's signal package, as pystoi does before STOI: Kaiser window
 * with 60 dB rejection and a transition band of a tenth of the cut-off.
 *
 * @returns `ceil(n * to / from)` samples.
 */
export function octaveResample(samples: Float64Array, from: number, to: number): Float64Array {
  const divisor = commonDivisor(from, to);
  const up = to / divisor;
  const down = from / divisor;
  const taps = octaveFilter(up, down);
  const half = (taps.length - 1) / 2;
  const out = new Float64Array(Math.ceil((samples.length * up) / down));
  for (let index = 0; index < out.length; index++) {
    const center = index * down;
    const first = Math.max(0, Math.ceil((center - half) / up));
    const last = Math.min(samples.length - 1, Math.floor((center + half) / up));
    let sum = 0;
    for (let sample = first; sample <= last; sample++) sum += samples[sample]! * taps[half + center - sample * up]!;
    out[index] = sum;
  }
  return out;
}

/** Low-pass filter of unit sum times `up`. */
function octaveFilter(up: number, down: number): Float64Array {
  const cutoff = 1 / (2 * Math.max(up, down));
  const half = Math.ceil((rejection - 8) / (28.714 * (cutoff / 10)));
  const window = kaiserWindow(2 * half + 1, 0.1102 * (rejection - 8.7));
  const taps = window.map((weight, index) => {
    const angle = Math.PI * 2 * cutoff * (index - half);
    return weight * 2 * up * cutoff * (angle === 0 ? 1 : Math.sin(angle) / angle);
  });
  const sum = taps.reduce((total, value) => total + value, 0);
  return taps.map((value) => (value / sum) * up);
}
