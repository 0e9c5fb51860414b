import { resample } from '@tesserae/audio';
import { melDistance, siSdr, stoi, waveformError } from '@tesserae/audio/metrics';
import { type AudioSignal, TesseraeError } from '@tesserae/core/data';

/** Seconds that are compared at a time: memory does not grow with the sounds. */
export const stretchSeconds = 120;

/** The mel distance is published at this rate. */
const melRate = 24_000;
/** Less sound than this, joined without its silent parts, has no STOI: 30 frames at 10 kHz. */
const leastStoi = 1e-5;

type Name = 'stoi' | 'estoi' | 'mel' | 'siSdr' | 'snr';

export interface SoundDistance {
  /** Two stretches of one rate, length and number of channels. */
  add(reference: AudioSignal, other: AudioSignal): void;
  /** Means over time and channels; absent where the sounds are too short for a measure. */
  value(): { readonly siSdr: number; readonly snr: number } & Partial<Readonly<Record<Name, number>>>;
}

export function soundDistance(): SoundDistance {
  const sums = new Map<Name, { sum: number; weight: number }>();
  const count = (name: Name, value: number | undefined, weight: number) => {
    if (value === undefined) return;
    const before = sums.get(name) ?? { sum: 0, weight: 0 };
    sums.set(name, { sum: before.sum + value * weight, weight: before.weight + weight });
  };
  const mean = (name: Name): number => {
    const { sum, weight } = sums.get(name)!;
    return sum / weight;
  };
  return {
    add({ sampleRate, channels }, other) {
      for (const [index, a] of channels.entries()) {
        const b = other.channels[index]!;
        for (const extended of [false, true]) {
          const { value } = stoi(a, b, { sampleRate, extended });
          count(extended ? 'estoi' : 'stoi', value > leastStoi || value < 0 ? value : undefined, a.length);
        }
        count(
          'mel',
          tooShort(() => melDistance(resample(a, sampleRate, melRate), resample(b, sampleRate, melRate)).value),
          a.length,
        );
        count('siSdr', siSdr(a, b).value, a.length);
        count('snr', waveformError(a, b).value.snr, a.length);
      }
    },
    value: () => ({
      ...Object.fromEntries([...sums.keys()].map((name) => [name, mean(name)])),
      siSdr: mean('siSdr'),
      snr: mean('snr'),
    }),
  };
}

/** A value, or nothing where a sound is too short for it. */
function tooShort(measure: () => number): number | undefined {
  try {
    return measure();
  } catch (error) {
    if (TesseraeError.isInstance(error) && error.code === 'unsupported-size') return undefined;
    throw error;
  }
}
