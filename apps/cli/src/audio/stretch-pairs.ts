import type { AudioSignal } from '@tesserae/core/data';

/** The same stretch of two sounds, of one rate and one number of channels. */
export interface StretchPair {
  readonly a: AudioSignal;
  readonly b: AudioSignal;
}

/** A last stretch that is shorter than this share belongs to the one before. */
const shortest = 0.5;

/**
 * Two sounds side by side, a stretch at a time, up to the end of the shorter one. Sounds of different channels are
 * mixed to one, by their mean.
 *
 * @param lengths - Told how many samples each sound has, both read to their ends.
 */
export async function* stretchPairs(
  reference: AsyncIterable<AudioSignal>,
  other: AsyncIterable<AudioSignal>,
  seconds: number,
  lengths: { reference: number; other: number },
): AsyncGenerator<StretchPair> {
  const [first, second] = [queueOf(reference), queueOf(other)];
  await Promise.all([first.want(1), second.want(1)]);
  const stretch = Math.max(1, Math.round(seconds * first.sampleRate()));
  for (;;) {
    const wanted = Math.ceil(stretch * (1 + shortest));
    const there = Math.min(await first.want(wanted), await second.want(wanted));
    if (there === 0) break;
    const take = there < wanted ? there : stretch;
    yield sameChannels(first.take(take), second.take(take));
  }
  lengths.reference = await first.skipAll();
  lengths.other = await second.skipAll();
}

interface SoundQueue {
  sampleRate(): number;
  /** Waits for so many samples. @returns How many are there: fewer only at the end. */
  want(count: number): Promise<number>;
  take(count: number): AudioSignal;
  /** Reads to the end. @returns Samples of the whole sound. */
  skipAll(): Promise<number>;
}

function queueOf(blocks: AsyncIterable<AudioSignal>): SoundQueue {
  const iterator = blocks[Symbol.asyncIterator]();
  let parts: AudioSignal[] = [];
  let there = 0;
  let total = 0;
  let ended = false;
  const pull = async (): Promise<boolean> => {
    const next = await iterator.next();
    if (next.done) {
      ended = true;
      return false;
    }
    parts.push(next.value);
    there += next.value.channels[0]!.length;
    total += next.value.channels[0]!.length;
    return true;
  };
  return {
    sampleRate: () => parts[0]?.sampleRate ?? 1,
    async want(count) {
      while (there < count && !ended) await pull();
      return there;
    },
    take(count) {
      const [first] = parts as [AudioSignal];
      const channels = first.channels.map(() => new Float32Array(count));
      let at = 0;
      while (at < count) {
        const part = parts[0]!;
        const length = Math.min(count - at, part.channels[0]!.length);
        for (const [index, samples] of part.channels.entries()) channels[index]!.set(samples.subarray(0, length), at);
        at += length;
        if (length === part.channels[0]!.length) parts.shift();
        else parts[0] = { ...part, channels: part.channels.map((samples) => samples.subarray(length)) };
      }
      there -= count;
      return { ...first, channels };
    },
    async skipAll() {
      do {
        parts = [];
        there = 0;
      } while (await pull());
      return total;
    },
  };
}

function sameChannels(a: AudioSignal, b: AudioSignal): StretchPair {
  return a.channels.length === b.channels.length ? { a, b } : { a: mixed(a), b: mixed(b) };
}

function mixed(signal: AudioSignal): AudioSignal {
  const { channels } = signal;
  const mean = channels[0]!.map((_, at) => channels.reduce((sum, samples) => sum + samples[at]!, 0) / channels.length);
  return { ...signal, channels: [mean] };
}
