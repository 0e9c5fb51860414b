import { type AudioSignal, mulberry32 } from '@tesserae/core/data';

const sampleRate = 16_000;

/**
 * A second of something like a voice, always the same: harmonics of a gliding pitch under two moving resonances, with a
 * burst of noise. `starter/<model>.check.json` has the tokens that a bundled model makes of it.
 */
export function checkSound(): AudioSignal {
  const noise = mulberry32(1).normal(sampleRate);
  let phase = 0;
  const samples = Float32Array.from({ length: sampleRate }, (_, index) => {
    const time = index / sampleRate;
    const pitch = 120 + 60 * Math.sin(2 * Math.PI * time);
    phase += (2 * Math.PI * pitch) / sampleRate;
    const [first, second] = [500 + 300 * Math.cos(2 * Math.PI * time), 1500 + 700 * Math.sin(3 * Math.PI * time)];
    let value = 0;
    for (let harmonic = 1; harmonic * pitch < 4000; harmonic += 1) {
      const frequency = harmonic * pitch;
      const height =
        Math.exp(-(((frequency - first) / 200) ** 2)) + 0.4 * Math.exp(-(((frequency - second) / 300) ** 2));
      value += height * Math.sin(harmonic * phase);
    }
    const burst = time > 0.7 && time < 0.8 ? 0.05 * noise[index]! : 0;
    return 0.15 * value * Math.sin(Math.PI * time) + burst + 1e-4 * noise[index]!;
  });
  return { modality: 'audio', sampleRate, channels: [samples] };
}
