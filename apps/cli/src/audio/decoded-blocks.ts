import type { AudioStreamDecoder, AudioTokenizer } from '@tesserae/audio';
import type { RunOptions } from '@tesserae/core';
import { type AudioSignal, type SourceFacts, type Tokens, UnsupportedError } from '@tesserae/core/data';
import { allOf } from '../io/async-items';
import type { ItemGroup } from '../modality/modality';
import { describeSeconds } from '../output/seconds';
import type { DecodeSettings } from './audio-modality';
import { atRate, ofLength } from './sound-blocks';
import { isPart, joinParts } from './stream-parts';

type Model = AudioTokenizer & Partial<AudioStreamDecoder>;

export interface DecodeBlocksSettings extends Pick<DecodeSettings, 'rate' | 'stream' | 'prefix' | 'allowMismatch'> {
  /** Somebody reads the sound while it comes. */
  readonly isWaitedFor: boolean;
  readonly warn: (text: string) => void;
}

/** Worked on at a time: little where somebody waits for it. */
const streamSeconds = 1;
const windowSeconds = 10;
/** A model that decodes whole clips gets clips up to this length whole. */
const longestClipSeconds = 120;

/** The sound of a group of items, block by block, at the rate that is asked for. */
export async function* decodedBlocks(
  model: Model,
  group: ItemGroup,
  settings: DecodeBlocksSettings,
  run: RunOptions,
): AsyncGenerator<AudioSignal> {
  const total = { rate: 0, samples: 0 };
  async function* counted() {
    for await (const item of group.items) {
      const { sampleRate, samples } = audioSource(item.source);
      total.rate = sampleRate;
      total.samples += samples;
      yield item;
    }
  }
  const blocks = withProgress(modelBlocks(model, { ...group, items: counted() }, settings, run), group, run);
  const { rate } = settings;
  if (rate === 'model') return yield* blocks;
  const { sampleRate } = audioSource(group.first.source);
  if (typeof rate === 'number' && rate !== sampleRate) return yield* atRate(blocks, rate);
  // At the rate of the source there are as many samples as were encoded; how many is known once all tokens are.
  yield* ofLength(atRate(blocks, sampleRate), () => total.samples);
}

async function* modelBlocks(
  model: Model,
  group: ItemGroup,
  { stream, isWaitedFor, warn, prefix, allowMismatch }: DecodeBlocksSettings,
  run: RunOptions,
): AsyncGenerator<AudioSignal> {
  const { info } = model;
  const { variant } = info.identity;
  if (!info.capabilities.includes('decode')) throw new UnsupportedError(variant, 'this model only encodes.');
  const options = { signal: run.signal!, allowMismatch, ...(prefix !== undefined && { prefix }) };
  const seconds = isWaitedFor ? streamSeconds : windowSeconds;
  if (!model.decodeStream) {
    yield await model.decode(joinParts(await allOf(group.items)), options);
    return;
  }
  if (info.signal['wholeClipDecoder'] !== true) {
    yield* model.decodeStream(sliced(group.items), { ...options, windowSeconds: seconds });
    return;
  }
  const { held, rest } = stream ? { held: [], rest: group.items } : await upTo(group.items, longestClipSeconds);
  if (!rest) {
    yield await model.decode(joinParts(held), options);
    return;
  }
  const why = stream ? '--stream' : `more than ${describeSeconds(longestClipSeconds)}`;
  warn(`${variant} decodes whole clips; ${why}: decoded in windows that are cross-faded, an approximation`);
  yield* model.decodeStream(sliced(chained(held, rest)), { ...options, exact: false });
}

/** Items of at most {@link windowSeconds}, where they can be cut: no model needs more at a time. */
async function* sliced(items: AsyncIterable<Tokens>): AsyncGenerator<Tokens> {
  for await (const item of items) {
    const { samples, sampleRate, scales = [] } = audioSource(item.source);
    const duration = samples / sampleRate;
    if (duration <= windowSeconds || scales.length > 1) {
      yield item;
      continue;
    }
    for (let start = 0; start < duration; start += windowSeconds)
      yield item.sliceSeconds(start, Math.min(duration, start + windowSeconds));
  }
}

/** Items until they are longer than that; `rest` is absent where there are no more. */
async function upTo(
  items: AsyncIterable<Tokens>,
  seconds: number,
): Promise<{ readonly held: readonly Tokens[]; readonly rest?: AsyncIterable<Tokens> }> {
  const iterator = items[Symbol.asyncIterator]();
  const held: Tokens[] = [];
  let length = 0;
  while (length <= seconds) {
    const next = await iterator.next();
    if (next.done) return { held };
    held.push(next.value);
    const { samples, sampleRate } = audioSource(next.value.source);
    length += samples / sampleRate;
  }
  return { held, rest: { [Symbol.asyncIterator]: () => iterator } };
}

async function* chained(held: readonly Tokens[], rest: AsyncIterable<Tokens>): AsyncGenerator<Tokens> {
  yield* held;
  yield* rest;
}

async function* withProgress(
  blocks: AsyncIterable<AudioSignal>,
  { first }: ItemGroup,
  { onProgress }: RunOptions,
): AsyncGenerator<AudioSignal> {
  const { samples, sampleRate } = audioSource(first.source);
  let completed = 0;
  for await (const block of blocks) {
    completed += block.channels[0]!.length / block.sampleRate;
    // A part does not say how many there are.
    const total = isPart(first) ? {} : { total: samples / sampleRate };
    onProgress?.({ stage: 'decode', completed, ...total, unit: 'seconds', label: 'decode' });
    yield block;
  }
}

function audioSource(source: SourceFacts) {
  if (source.modality === 'audio') return source;
  throw new UnsupportedError(`tokens of ${source.modality}`, 'expected tokens of sound.');
}
