import { type AudioSignal, InputError } from '@tesserae/core/data';

const largestRate = 10_000_000;

/**
 * Checks a waveform given as plain data.
 *
 * @throws {InputError} `invalid-argument`: no rate (a rate is never guessed), no channel, or channels that are no
 *   Float32Arrays of one length; `not-finite`: NaN or infinity among the samples.
 */
export function checkAudioSignal(signal: AudioSignal, name: string): void {
  const { sampleRate, channels } = signal;
  if (!Number.isInteger(sampleRate) || sampleRate < 1 || sampleRate > largestRate) {
    throw new InputError(`${name}.sampleRate`, `a whole number of Hz in 1..${largestRate}`, String(sampleRate));
  }
  if (!Array.isArray(channels) || channels.length === 0) {
    throw new InputError(`${name}.channels`, 'a list of at least one Float32Array', describe(channels));
  }
  channels.forEach((samples: unknown, index) => {
    if (!(samples instanceof Float32Array)) {
      throw new InputError(`${name}.channels[${index}]`, 'a Float32Array', describe(samples));
    }
    if (samples.length !== channels[0].length) {
      throw new InputError(
        `${name}.channels[${index}]`,
        `${channels[0].length} samples, as the first`,
        `${samples.length}`,
      );
    }
    const wrong = samples.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) {
      throw new InputError(`${name}.channels[${index}]`, 'finite samples', `${samples[wrong]} at ${wrong}`, {
        code: 'not-finite',
      });
    }
  });
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'object' && value !== null ? value.constructor.name : String(value);
}
