import type {
  AudioEncodeOptions,
  AudioEncoder,
  AudioStreamEncoder,
  EncodecEncodeOptions,
  MonoPolicy,
} from '@tesserae/audio';
import type { RunOptions } from '@tesserae/core';
import { type AudioSignal, InputError, type Tokens } from '@tesserae/core/data';
import { UsageError } from '../command';
import { allOf, withFirst } from '../io/async-items';
import type { MediaInput } from '../io/media-input';
import type { AnyTokenizer } from '../modality/modality';
import type { EncodeSettings } from './audio-modality';
import { oneChannel, soundBlocks, wholeSound } from './sound-blocks';
import { asPart, joinParts } from './stream-parts';

type Model = AudioEncoder & Partial<AudioStreamEncoder>;

/** Worked on at a time: little where somebody waits for it. */
const streamSeconds = 1;
const windowSeconds = 10;

/** The tokens of one sound: one item, one for each channel, or parts while it is read. Sound is never whole in memory. */
export async function* encodeSound(
  tokenizer: AnyTokenizer,
  input: MediaInput,
  settings: EncodeSettings & { readonly stream: boolean },
  run: RunOptions,
): AsyncGenerator<Tokens> {
  const model = tokenizer as Model;
  const { mono, stream } = settings;
  const options = optionsFor(model, settings, run);
  const open = () => soundBlocks(input, run.signal!, settings.raw);
  const given = await withFirst(open());
  const channels = given?.first.channels.length ?? 0;
  if (!given) throw new InputError(input.name, 'at least one sample', 'none', { code: 'unsupported-size' });
  checkChannels(model, input, channels, mono);
  const isMono = model.info.signal['channels'] === 1;
  if (mono !== 'each' || channels === 1 || !isMono) {
    yield* tokensOf(model, given.all, mixing(options, mono), stream);
    return;
  }
  yield* tokensOf(model, oneChannel(given.all, 0), options, stream);
  for (let channel = 1; channel < channels; channel += 1)
    yield* tokensOf(model, oneChannel(open(), channel), options, stream);
}

function optionsFor(
  { info }: Model,
  { bandwidth, pipeline, prefix }: EncodeSettings,
  run: RunOptions,
): AudioEncodeOptions & EncodecEncodeOptions {
  if (bandwidth !== undefined && info.identity.id !== 'audio/encodec')
    throw new UsageError(`--bandwidth is for EnCodec, not for ${info.identity.variant}; --prefix counts levels.`);
  return {
    ...run,
    ...(pipeline !== undefined && { pipeline }),
    ...(prefix !== undefined && { prefix }),
    ...(bandwidth !== undefined && { bandwidth }),
  };
}

function mixing(options: AudioEncodeOptions, mono: EncodeSettings['mono']): AudioEncodeOptions {
  const policies: readonly MonoPolicy[] = ['mean', 'first', 'sum-sqrt'];
  const policy = policies.find((name) => name === mono);
  return policy ? { ...options, mono: policy } : options;
}

/** @throws {InputError} A model of one channel is given several, and nobody said what to do. */
function checkChannels({ info }: Model, input: MediaInput, channels: number, mono: EncodeSettings['mono']): void {
  if (info.signal['channels'] !== 1 || channels <= 1) return;
  if (mono === undefined) {
    throw new InputError(
      input.name,
      'one channel: --mono mean (or first, sum-sqrt) mixes them, --mono each encodes each one by itself',
      `${channels} channels`,
    );
  }
  if (mono === 'each' && input.path === undefined)
    throw new UsageError('--mono each reads its input once for each channel: give a file instead of standard input.');
}

async function* tokensOf(
  model: Model,
  blocks: AsyncIterable<AudioSignal>,
  options: AudioEncodeOptions,
  stream: boolean,
): AsyncGenerator<Tokens> {
  if (!model.encodeStream) {
    yield await model.encode(await wholeSound(blocks, 'input'), options);
    return;
  }
  const parts = model.encodeStream(blocks, { ...options, windowSeconds: stream ? streamSeconds : windowSeconds });
  if (stream) for await (const part of parts) yield asPart(part);
  else yield joinParts(await allOf(parts));
}
