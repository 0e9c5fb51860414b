import type { AudioSignal } from '@tesserae/core/data';

/** Two tones that rise, as 16-bit integers: what the files of this folder hold, or were made from. */
export function clip(channels: number, samples = 1501, sampleRate = 22_050): AudioSignal {
  return {
    modality: 'audio',
    sampleRate,
    channels: Array.from({ length: channels }, (_, channel) =>
      Float32Array.from({ length: samples }, (__, n) => {
        const seconds = n / sampleRate;
        const phase = 2 * Math.PI * (300 + 150 * channel + 2000 * seconds) * seconds;
        // Integers have no negative zero.
        return (Math.round(32_768 * 0.4 * (Math.sin(phase) + 0.5 * Math.sin(2.7 * phase))) + 0) / 32_768;
      }),
    ),
  };
}

/** The same with noise in the low bits of 24 and of 32 bit integers. */
export function fineClip(channels: number, bits: 24 | 32): AudioSignal {
  const signal = clip(channels);
  const scale = 2 ** (bits - 1);
  let state = 1;
  const noise = () => ((state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32 - 0.5) / 1000;
  return {
    ...signal,
    channels: signal.channels.map((values) => values.map((value) => Math.round((value + noise()) * scale) / scale)),
  };
}
