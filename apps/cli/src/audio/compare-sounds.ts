import type { AudioStreamDecoder, AudioTokenizer } from '@tesserae/audio';
import { type AudioSignal, InputError, readTokensStream } from '@tesserae/core/data';
import type { CommandContext } from '../command';
import { rounded } from '../compare/rounded';
import { tally } from '../encode/tally';
import type { Facts } from '../inspect/facts';
import { allOf, withFirst } from '../io/async-items';
import type { ComparedPair, Modality, ModelPool } from '../modality/modality';
import { decodedBlocks } from './decoded-blocks';
import { atRate, soundBlocks } from './sound-blocks';
import { soundDistance, type SoundDistance, stretchSeconds } from './sound-distance';
import { soundItems } from './sound-items';
import { stretchPairs } from './stretch-pairs';

interface Sounds {
  readonly reference: AsyncIterable<AudioSignal>;
  readonly other: AsyncIterable<AudioSignal>;
  /** Of the tokens, once the sounds have been read. */
  readonly payloadBits?: () => number;
}

/**
 * STOI, ESTOI, mel distance, SI-SDR and SNR of two sounds, or of a sound and its tokens: at the rate of the model or
 * of the first sound, channel by channel. What one is longer is left out. Long sounds are compared a stretch at a time,
 * the values are means over time.
 */
export async function compareSounds(
  context: CommandContext,
  models: ModelPool,
  pair: ComparedPair,
  modality: Modality,
): Promise<Facts> {
  const { reference, compared, isTokens, bytes } = pair;
  const sounds = isTokens ? await decodeBeside(context, models, pair, modality) : await twoFiles(context, pair);
  const distance = soundDistance();
  let sampleRate = 0;
  let channels = 0;
  const lengths = { reference: 0, other: 0 };
  for await (const { a, b } of stretchPairs(sounds.reference, sounds.other, stretchSeconds, lengths)) {
    sampleRate = a.sampleRate;
    channels = a.channels.length;
    distance.add(a, b);
  }
  const samples = Math.min(lengths.reference, lengths.other);
  if (samples === 0) throw new InputError(compared.name, 'at least one sample', 'none', { code: 'unsupported-size' });
  const seconds = samples / sampleRate;
  const payload = sounds.payloadBits?.();
  return {
    reference: reference.name,
    compared: compared.name,
    sampleRate,
    channels,
    seconds: rounded(seconds, 3),
    ...(lengths.reference !== lengths.other && {
      longer: `the ${lengths.reference > lengths.other ? 'reference' : 'other'} by ${rounded(Math.abs(lengths.reference - lengths.other) / sampleRate, 4)} s`,
    }),
    ...valuesOf(distance),
    bytes,
    ...(payload !== undefined && { payloadBytes: Math.ceil(payload / 8) }),
    bitsPerSecond: rounded((payload ?? 8 * bytes) / seconds, 1),
  };
}

function valuesOf(distance: SoundDistance): Facts {
  const { stoi, estoi, mel, siSdr, snr } = distance.value();
  return {
    ...(stoi !== undefined && { stoi: rounded(stoi, 5) }),
    ...(estoi !== undefined && { estoi: rounded(estoi, 5) }),
    ...(mel !== undefined && { mel: rounded(mel, 5) }),
    siSdr: rounded(siSdr, 3),
    snr: rounded(snr, 3),
  };
}

async function twoFiles({ signal }: CommandContext, { reference, compared }: ComparedPair): Promise<Sounds> {
  const given = await withFirst(soundBlocks(reference, signal));
  if (!given) throw new InputError(reference.name, 'at least one sample', 'none', { code: 'unsupported-size' });
  return { reference: given.all, other: atRate(soundBlocks(compared, signal), given.first.sampleRate) };
}

async function decodeBeside(
  context: CommandContext,
  models: ModelPool,
  { reference, compared }: ComparedPair,
  modality: Modality,
): Promise<Sounds> {
  const { signal } = context;
  const count = tally();
  const groups = soundItems(count.through(readTokensStream(compared.bytes())));
  const given = await withFirst(groups);
  if (!given?.first.isOnly) {
    const found = given ? (await allOf(given.all)).length : 0;
    throw new InputError(compared.name, 'the tokens of one sound', `${found} sounds`);
  }
  const model = (await models.decoder(modality, given.first.first)) as AudioTokenizer & Partial<AudioStreamDecoder>;
  const settings = { rate: 'model', stream: false, allowMismatch: false, isWaitedFor: false } as const;
  const other = decodedBlocks(model, given.first, { ...settings, warn: context.output.warn }, { signal });
  const rate = model.info.signal['sampleRate'] as number;
  return {
    reference: atRate(soundBlocks(reference, signal), rate),
    other,
    payloadBits: () => count.facts().payloadBits,
  };
}
