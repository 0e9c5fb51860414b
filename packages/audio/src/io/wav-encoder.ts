import { type AudioSignal, InputError } from '@tesserae/core/data';
import type { EncodedChunks } from './encoded-chunks';
import { encodeSamples, type WrittenFormat, writtenBytes } from './sample-format';
import { wavHeader } from './wav';

const largestRiff = 0xffff_ffff;

/**
 * A WAV file of blocks. Its header says "unknown length" and is put right at the end: RIFF where the sound has up to
 * 4 GiB, otherwise it stays as it is, which readers take for "up to the end of the file".
 *
 * @throws {InputError} No block at all; what {@link wavHeader} and {@link encodeSamples} refuse.
 */
export async function* wavChunks(blocks: AsyncIterable<AudioSignal>, sampleFormat: WrittenFormat): EncodedChunks {
  let init: Parameters<typeof wavHeader>[0] | undefined;
  let frames = 0;
  for await (const { channels, sampleRate } of blocks) {
    if (init === undefined) {
      init = { channels: channels.length, sampleRate, format: sampleFormat };
      yield wavHeader(init);
    }
    frames += channels[0]!.length;
    yield encodeSamples(channels, sampleFormat);
  }
  if (init === undefined) throw new InputError('audio', 'at least one block', 'none');
  const bytes = frames * init.channels * writtenBytes[sampleFormat];
  if (bytes % 2 === 1) yield new Uint8Array(1);
  return bytes + 128 > largestRiff ? [] : [{ at: 0, bytes: wavHeader({ ...init, frames }) }];
}
