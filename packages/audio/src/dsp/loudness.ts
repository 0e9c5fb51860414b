/** Loudness of silence, in LUFS, as DAC's tools give it. */
export const silentLoudness = -70;

/** Blocks are so long and overlap by three quarters. */
const blockSeconds = 0.4;
/** Blocks below are left out: at first this, then so much below the mean of the others. */
const absoluteGate = -70;
const relativeGate = -10;
/** Shorter sound is filled up with silence. */
const shortestSeconds = 0.5;
/** Left, right, center and the surround channels. */
const channelGains = [1, 1, 1, 1.41, 1.41];

interface Biquad {
  readonly b: readonly [number, number, number];
  readonly a: readonly [number, number];
}

/**
 * Integrated loudness in LUFS (ITU-R BS.1770-4), with the filters and edge rules of `audiotools` 0.7: what DAC writes into
 * its files.
 *
 * @param channels - One to five of equal lengths.
 * @param sampleRate - Hz.
 * @returns At least -70.
 */
export function integratedLoudness(channels: readonly Float32Array[], sampleRate: number): number {
  const samples = Math.max(channels[0]!.length, Math.floor(shortestSeconds * sampleRate));
  const weighted = channels.map((values) => weigh(values, samples, sampleRate));
  const block = Math.floor(blockSeconds * sampleRate);
  const step = Math.floor(blockSeconds * sampleRate * 0.25);
  const count = Math.ceil(Math.max(0, samples - block) / step) + 1;
  const powers = Array.from({ length: count }, (_, index) => {
    const means = weighted.map((values) => power(values, index * step, block) / (blockSeconds * sampleRate));
    return means.reduce((sum, mean, channel) => sum + channelGains[channel]! * mean, 0);
  });
  const audible = powers.filter((value) => loudnessOf(value) > absoluteGate);
  const threshold = loudnessOf(mean(audible)) + relativeGate;
  const loud = audible.filter((value) => loudnessOf(value) > threshold);
  const result = loudnessOf(mean(loud));
  return Number.isFinite(result) ? Math.max(result, silentLoudness) : silentLoudness;
}

function loudnessOf(value: number): number {
  return -0.691 + 10 * Math.log10(value);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function power(values: Float64Array, from: number, count: number): number {
  let sum = 0;
  for (let n = from; n < Math.min(values.length, from + count); n += 1) sum += values[n]! ** 2;
  return sum;
}

/** The weighting of K: a shelf for the head and a high pass. */
function weigh(values: Float32Array, samples: number, sampleRate: number): Float64Array {
  const out = new Float64Array(samples);
  out.set(values);
  for (const filter of [highShelf(sampleRate), highPass(sampleRate)]) run(filter, out);
  return out;
}

function run({ b, a }: Biquad, values: Float64Array): void {
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  for (let n = 0; n < values.length; n += 1) {
    const x = values[n]!;
    const y = b[0] * x + b[1] * x1 + b[2] * x2 - a[0] * y1 - a[1] * y2;
    values[n] = y;
    [x2, x1, y2, y1] = [x1, x, y1, y];
  }
}

/** 4 dB above 1500 Hz. */
function highShelf(sampleRate: number): Biquad {
  const gain = 10 ** (4 / 40);
  const angle = (2 * Math.PI * 1500) / sampleRate;
  const cosine = Math.cos(angle);
  const slope = 2 * Math.sqrt(gain) * (Math.sin(angle) / (2 * Math.SQRT1_2));
  const a0 = gain + 1 - (gain - 1) * cosine + slope;
  return {
    b: [
      (gain * (gain + 1 + (gain - 1) * cosine + slope)) / a0,
      (-2 * gain * (gain - 1 + (gain + 1) * cosine)) / a0,
      (gain * (gain + 1 + (gain - 1) * cosine - slope)) / a0,
    ],
    a: [(2 * (gain - 1 - (gain + 1) * cosine)) / a0, (gain + 1 - (gain - 1) * cosine - slope) / a0],
  };
}

/** From 38 Hz on. */
function highPass(sampleRate: number): Biquad {
  const angle = (2 * Math.PI * 38) / sampleRate;
  const cosine = Math.cos(angle);
  const alpha = Math.sin(angle);
  const a0 = 1 + alpha;
  return {
    b: [(1 + cosine) / 2 / a0, -(1 + cosine) / a0, (1 + cosine) / 2 / a0],
    a: [(-2 * cosine) / a0, (1 - alpha) / a0],
  };
}
