import type { RawAudioFormat } from '@tesserae/audio';
import type { Tokens } from '@tesserae/core/data';
import { choiceOption, type CommandContext, countOption, flag, textOption, UsageError } from '../command';
import type { Facts } from '../inspect/facts';
import type { Modality } from '../modality/modality';
import { describeSeconds } from '../output/seconds';
import { rawLayouts, sampleFormats, type SoundFormat, soundFormatOf, soundFormats } from './sound-formats';

/** Sounds for the commands that all kinds of signals share. */
export const audioModality: Modality = {
  name: 'audio',
  noun: 'sound',
  nouns: 'sounds',
  starter: 'audio-starter',
  withoutStarter:
    'no model of sounds ships with this version: give --model with a preset (mimi, encodec-24khz, dac-24khz, snac-24khz, wavtokenizer-large-unify-40; tesserae models lists all) or with ./path of a weight file.',
  endings: ['wav', 'flac', 'mp3', 'ogg', 'oga', 'opus', 'm4a', 'aac', 'aif', 'aiff', 'au', 'caf', 'wma', 'webm', 'mka'],
  formats: soundFormats,
  encodeOptions: {
    mono: {
      type: 'string',
      valueHint: 'mean|first|sum-sqrt|each',
      description: 'Several channels into a model of one: mixed, or each encoded by itself (default: refused)',
    },
    bandwidth: { type: 'string', valueHint: 'kbit/s', description: 'Of EnCodec: 1.5 to 24 (default: 6)' },
    stream: { type: 'boolean', description: 'Write tokens as soon as they are known, in constant memory' },
    raw: {
      type: 'string',
      valueHint: rawLayouts.join('|'),
      description: 'The input is sound without a header, lowest byte first; needs --rate',
    },
    rate: { type: 'string', valueHint: 'Hz', description: 'Rate of --raw' },
    channels: { type: 'string', valueHint: 'n', description: 'Channels of --raw (default: 1)' },
  },
  decodeOptions: {
    samples: {
      type: 'string',
      valueHint: sampleFormats.join('|'),
      description: 'Samples of WAV and raw sound; FLAC has int16 and int24 (default: int16)',
    },
    rate: {
      type: 'string',
      valueHint: 'model|source|Hz',
      description: 'Rate of the sound (default: that of the model)',
    },
    stream: {
      type: 'boolean',
      description: 'Sound as soon as it is known, also of models that decode whole clips: those then approximate',
    },
  },
  registry: async () => (await import('@tesserae/audio')).audioTokenizers,
  encoding(context) {
    const settings = encodeSettings(context);
    return {
      claimsInput: settings.raw !== undefined,
      async *items(tokenizer, input, run, stream) {
        const { encodeSound } = await import('./encode-sound');
        yield* encodeSound(tokenizer, input, { ...settings, stream }, run);
      },
      streams: ({ info }) => settings.mono !== 'each' && info.capabilities.includes('encodeStream'),
      describe({ source, payloadBits }) {
        if (source.modality !== 'audio') return { before: [], behind: [] };
        const seconds = source.samples / source.sampleRate;
        return { before: [describeSeconds(seconds)], behind: [`${Math.round(payloadBits / seconds)} bit/s`] };
      },
      notes: () => [],
    };
  },
  decoding(context) {
    const settings = decodeSettings(context);
    return {
      ending: `.${settings.format}`,
      async *groups(items) {
        const { soundItems } = await import('./sound-items');
        yield* soundItems(items);
      },
      async write(tokenizer, group, path, run) {
        const { writeSound } = await import('./decode-sound');
        return writeSound(context, tokenizer, group, path, settings, run);
      },
      describe: ({ seconds, sampleRate, channels }) =>
        `${describeSeconds(Number(seconds))}, ${sampleRate} Hz, ${channels === 1 ? 'mono' : `${channels} channels`}`,
    };
  },
  fileFacts: async (input, context) => (await import('./sound-facts')).soundFacts(input, context),
  async tokensFacts(items): Promise<Facts> {
    const seconds = secondsOf(items);
    const bits = items.reduce((sum, { payloadBits }) => sum + payloadBits, 0);
    const tokens = items.reduce((sum, { length }) => sum + length, 0);
    if (seconds === 0) return {};
    return {
      seconds: Number(seconds.toFixed(3)),
      tokensPerSecond: Number((tokens / seconds).toFixed(3)),
      bitsPerSecond: Number((bits / seconds).toFixed(1)),
    };
  },
  draw: {
    file: async (input, context) => (await import('./waveform-picture')).waveformPicture(input, context),
    tokens: async (items) => (await import('./token-picture')).tokenPicture(items),
  },
  compare: async (context, models, pair) =>
    (await import('./compare-sounds')).compareSounds(context, models, pair, audioModality),
};

function secondsOf(items: readonly Tokens[]): number {
  return items.reduce(
    (sum, { source }) => sum + (source.modality === 'audio' ? source.samples / source.sampleRate : 0),
    0,
  );
}

export interface EncodeSettings {
  readonly pipeline?: string;
  readonly prefix?: number;
  readonly mono?: 'mean' | 'first' | 'sum-sqrt' | 'each';
  /** kbit/s. */
  readonly bandwidth?: number;
  readonly raw?: RawAudioFormat;
}

function encodeSettings(context: CommandContext): EncodeSettings {
  const pipeline = textOption(context, 'pipeline');
  const prefix = countOption(context, 'prefix');
  const mono = choiceOption(context, 'mono', ['mean', 'first', 'sum-sqrt', 'each']);
  const bandwidth = textOption(context, 'bandwidth');
  const raw = rawFormat(context);
  if (bandwidth !== undefined && !(Number(bandwidth) > 0))
    throw new UsageError(`--bandwidth: expected kbit/s, got ${bandwidth}.`);
  if (mono === 'each' && flag(context, 'stream'))
    throw new UsageError('--mono each goes without --stream: channels are encoded one after the other.');
  return {
    ...(pipeline !== undefined && { pipeline }),
    ...(prefix !== undefined && { prefix }),
    ...(mono && { mono }),
    ...(bandwidth !== undefined && { bandwidth: Number(bandwidth) }),
    ...(raw && { raw }),
  };
}

function rawFormat(context: CommandContext): RawAudioFormat | undefined {
  const sampleFormat = choiceOption(context, 'raw', rawLayouts);
  const channels = countOption(context, 'channels');
  if (sampleFormat === undefined) {
    if (channels !== undefined || textOption(context, 'rate') !== undefined)
      throw new UsageError('--rate and --channels need --raw: files say both themselves.');
    return undefined;
  }
  const sampleRate = countOption(context, 'rate');
  if (sampleRate === undefined) throw new UsageError('--raw needs --rate: samples alone do not say it.');
  return { sampleRate, sampleFormat, ...(channels !== undefined && { channels }) };
}

export interface DecodeSettings {
  readonly format: SoundFormat;
  readonly samples?: (typeof sampleFormats)[number];
  readonly rate: 'model' | 'source' | number;
  readonly stream: boolean;
  readonly prefix?: number;
  readonly allowMismatch: boolean;
}

function decodeSettings(context: CommandContext): DecodeSettings {
  const format =
    soundFormats.find((known) => known === textOption(context, 'format')) ??
    soundFormatOf(textOption(context, 'out')) ??
    'wav';
  const samples = choiceOption(context, 'samples', sampleFormats);
  const prefix = countOption(context, 'prefix');
  const rate = textOption(context, 'rate') ?? 'model';
  return {
    format,
    ...(samples && { samples }),
    rate: rate === 'model' || rate === 'source' ? rate : countOption(context, 'rate')!,
    stream: flag(context, 'stream'),
    ...(prefix !== undefined && { prefix }),
    allowMismatch: flag(context, 'allow-mismatch'),
  };
}
