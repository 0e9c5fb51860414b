import { concatSamples, type RawAudioFormat, readAudioStream, streamResampler } from '@tesserae/audio';
import { type AudioSignal, InputError } from '@tesserae/core/data';
import type { MediaInput } from '../io/media-input';

/** The sound of an input, block by block. */
export function soundBlocks(input: MediaInput, signal: AbortSignal, raw?: RawAudioFormat): AsyncGenerator<AudioSignal> {
  return readAudioStream(input.path ?? input.bytes(), { signal, ...(raw && { raw }) });
}

/** One of the channels. */
export async function* oneChannel(blocks: AsyncIterable<AudioSignal>, channel: number): AsyncGenerator<AudioSignal> {
  for await (const block of blocks) yield { ...block, channels: [block.channels[channel]!] };
}

/** Blocks at another rate, as the whole would be resampled. */
export async function* atRate(blocks: AsyncIterable<AudioSignal>, sampleRate: number): AsyncGenerator<AudioSignal> {
  let resamplers: ReturnType<typeof streamResampler>[] | undefined;
  for await (const block of blocks) {
    if (block.sampleRate === sampleRate) {
      yield block;
      continue;
    }
    resamplers ??= block.channels.map(() => streamResampler(block.sampleRate, sampleRate));
    yield signalOf(
      sampleRate,
      block.channels.map((samples, index) => resamplers![index]!.push(samples)),
    );
  }
  if (resamplers)
    yield signalOf(
      sampleRate,
      resamplers.map((resampler) => resampler.end()),
    );
}

/**
 * As many samples as are wanted: what is behind is left out, what is missing is silence.
 *
 * @param samples - Asked behind every block: a number that is not final yet is not smaller than what has come.
 */
export async function* ofLength(
  blocks: AsyncIterable<AudioSignal>,
  samples: () => number,
): AsyncGenerator<AudioSignal> {
  let given = 0;
  let last: AudioSignal | undefined;
  const cut = (signal: AudioSignal): AudioSignal => {
    const left = Math.max(0, samples() - given);
    const channels = signal.channels.map((channel) => channel.subarray(0, left));
    given += channels[0]!.length;
    return { ...signal, channels };
  };
  for await (const block of blocks) {
    last = block;
    const part = cut(block);
    if (part.channels[0]!.length > 0) yield part;
  }
  const missing = samples() - given;
  if (missing > 0 && last) yield { ...last, channels: last.channels.map(() => new Float32Array(missing)) };
}

/** Everything in one piece. @throws {InputError} No block. */
export async function wholeSound(blocks: AsyncIterable<AudioSignal>, name: string): Promise<AudioSignal> {
  const all: AudioSignal[] = [];
  for await (const block of blocks) all.push(block);
  const [first] = all;
  if (!first) throw new InputError(name, 'at least one sample', 'none', { code: 'unsupported-size' });
  if (all.length === 1) return first;
  return signalOf(
    first.sampleRate,
    first.channels.map((_, channel) => concatSamples(all.map(({ channels }) => channels[channel]!))),
  );
}

const signalOf = (sampleRate: number, channels: readonly Float32Array[]): AudioSignal => ({
  modality: 'audio',
  sampleRate,
  channels,
});
