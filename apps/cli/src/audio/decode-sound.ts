import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type AudioStreamDecoder, type AudioTokenizer, encodeWav, wavHeader, writeAudio } from '@tesserae/audio';
import type { RunOptions } from '@tesserae/core';
import { type AudioSignal, TesseraeError } from '@tesserae/core/data';
import { type CommandContext, UsageError } from '../command';
import { makeFolder, standardOutputSink, writeStream } from '../io/files';
import { unfinishedTargets } from '../io/partial-files';
import { standardStream } from '../io/standard-stream';
import type { AnyTokenizer, DecodedFacts, ItemGroup } from '../modality/modality';
import type { DecodeSettings } from './audio-modality';
import { decodedBlocks } from './decoded-blocks';
import { sampleBytes } from './sound-formats';

/** Decodes one sound into a file, or into standard output as it comes. */
export async function writeSound(
  context: CommandContext,
  tokenizer: AnyTokenizer,
  group: ItemGroup,
  path: string,
  settings: DecodeSettings,
  run: RunOptions,
): Promise<DecodedFacts> {
  const model = tokenizer as AudioTokenizer & Partial<AudioStreamDecoder>;
  const isWaitedFor = settings.stream || path === standardStream;
  const blocks = decodedBlocks(model, group, { ...settings, isWaitedFor, warn: context.output.warn }, run);
  const heard = { samples: 0, sampleRate: 0, channels: 0 };
  async function* counted() {
    for await (const block of blocks) {
      heard.samples += block.channels[0]!.length;
      heard.sampleRate = block.sampleRate;
      heard.channels = block.channels.length;
      yield block;
    }
  }
  const bytes = await writeBlocks(path, counted(), settings, run.signal!);
  return {
    seconds: Number((heard.samples / heard.sampleRate).toFixed(3)),
    samples: heard.samples,
    sampleRate: heard.sampleRate,
    channels: heard.channels,
    bytes,
  };
}

/** @returns How many bytes were written. */
async function writeBlocks(
  path: string,
  blocks: AsyncIterable<AudioSignal>,
  { format, samples = 'int16' }: DecodeSettings,
  signal: AbortSignal,
): Promise<number> {
  if (format === 'raw') return writeStream(path, rawChunks(blocks, samples), signal);
  if ((format === 'opus' || format === 'mp3') && samples !== 'int16')
    throw new UsageError(`--samples is for WAV, FLAC and raw sound, not for ${format}.`);
  const options = { format, sampleFormat: samples, signal };
  if (path === standardStream) {
    let written = 0;
    await writeAudio(
      standardOutputSink((count) => (written += count)),
      blocks,
      options,
    );
    return written;
  }
  await makeFolder(dirname(resolve(path)));
  unfinishedTargets.add(path);
  try {
    await writeAudio(path, blocks, options);
  } catch (error) {
    // The name of an unfinished file would mean nothing.
    const isOfSystem = error instanceof Error && 'syscall' in error && !TesseraeError.isInstance(error);
    throw isOfSystem ? Object.assign(error, { path }) : error;
  } finally {
    unfinishedTargets.delete(path);
  }
  return (await stat(path)).size;
}

/** Samples without a header: those of a WAV file. */
async function* rawChunks(
  blocks: AsyncIterable<AudioSignal>,
  format: NonNullable<DecodeSettings['samples']>,
): AsyncGenerator<Uint8Array> {
  for await (const block of blocks) {
    const { channels, sampleRate } = block;
    const start = wavHeader({ channels: channels.length, sampleRate, format }).length;
    const length = channels.length * channels[0]!.length * sampleBytes[format];
    yield encodeWav(block, { format }).subarray(start, start + length);
  }
}
