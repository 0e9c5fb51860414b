import { type AudioSignal, InputError } from '@tesserae/core/data';
import { resample } from './resample';

/** How several channels become one: their mean (default), the first, or the sum over the root of their number. */
export type MonoPolicy = 'mean' | 'first' | 'sum-sqrt';

/**
 * One channel of a signal.
 *
 * @param policy - Default `mean`, summed in float32 as `torch.mean` does.
 * @throws {InputError} The signal has no channel.
 */
export function toMono({ channels }: AudioSignal, policy: MonoPolicy = 'mean'): Float32Array {
  const [first, ...others] = channels;
  if (!first) throw new InputError('channels', 'at least one channel', 'none');
  if (policy === 'first' || others.length === 0) return first;
  const divisor = policy === 'mean' ? channels.length : Math.sqrt(channels.length);
  return first.map((value, index) => {
    let sum = value;
    for (const channel of others) sum = Math.fround(sum + channel[index]!);
    return sum / divisor;
  });
}

/** A signal at another rate, every channel as `torchaudio.transforms.Resample`. Equal rates copy nothing. */
export function resampleSignal(signal: AudioSignal, sampleRate: number): AudioSignal {
  const { channels, sampleRate: from } = signal;
  return { modality: 'audio', sampleRate, channels: channels.map((channel) => resample(channel, from, sampleRate)) };
}
