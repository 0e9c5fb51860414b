import { type IdSink, createIdSink, pushId, takeIds } from '../bpe/id-sink';
import type { AllowedTokens } from '../bpe/special-tokens';
import { utf8TextLength } from '../bytes/utf8';
import type { SequenceOptions } from '../tokenizer/text-model';
import { writeByteOffsets } from '../tokenizer/text-offsets';
import { idsSequence, textSequence, type TokenSequence } from '../tokenizer/token-sequence';
import type { AddedTokenFinder } from './added-tokens';
import { type AlignedText, alignText, sliceText } from './aligned-text';
import { byteRanges } from './byte-ranges';
import { createCollector } from './collector';
import type { Normalizer } from './normalizers/normalizer';
import type { PreTokenizer } from './pre-tokenizers/pre-tokenizer';
import type { TextPlan } from './text-plan';
import type { WordModel, WordTokens } from './word-model';

/** The parts of a tokenizer.json that turn a text into tokens. */
export interface Pipeline {
  /** Tokens found in the raw text. */
  readonly rawTokens: AddedTokenFinder;
  /** Tokens found in normalized text. */
  readonly normalizedTokens: AddedTokenFinder;
  readonly normalizer: Normalizer | undefined;
  readonly preTokenizer: PreTokenizer | undefined;
  readonly model: WordModel;
  /** Ids at once, where the file is one of the known kinds. */
  readonly plan: TextPlan | undefined;
}

/** What a text falls into: added tokens and the words between them. */
export type Part = { readonly text: AlignedText; readonly id: number };

/** Lone surrogates become U+FFFD, as they do on their way into Rust. */
export const wellFormed = (text: string): string =>
  // A method of ES2024.
  (text as string & { readonly toWellFormed?: () => string }).toWellFormed?.() ??
  (surrogate.test(text) ? text.replace(/\p{Surrogate}/gu, '\ufffd') : text);

const surrogate = /[\ud800-\udfff]/;

/**
 * Cuts a text at added tokens, normalizes what lies between (unless `isRaw`), and cuts again at tokens of normalized
 * text.
 */
function* extractTokens(
  pipeline: Pipeline,
  text: string,
  allowed: AllowedTokens,
  tracked: boolean,
  isRaw = false,
): Generator<Part> {
  const whole = alignText(wellFormed(text), 0, tracked);
  for (const raw of pipeline.rawTokens.split(whole.text, allowed)) {
    const section = sliceText(whole, raw.start, raw.end);
    if (section.text === '') continue;
    if (raw.id >= 0 || isRaw) {
      yield { text: section, id: raw.id };
      continue;
    }
    const normalized = pipeline.normalizer ? pipeline.normalizer(section) : section;
    for (const { start, end, id } of pipeline.normalizedTokens.split(normalized.text, allowed)) {
      if (end > start) yield { text: sliceText(normalized, start, end), id };
    }
  }
}

/** Words and added tokens of a text, in order; no word is empty. */
export function* textParts(
  pipeline: Pipeline,
  text: string,
  allowed: AllowedTokens,
  tracked: boolean,
): Generator<Part> {
  for (const part of extractTokens(pipeline, text, allowed, tracked)) {
    if (part.id >= 0 || !pipeline.preTokenizer) {
      yield part;
      continue;
    }
    for (const word of pipeline.preTokenizer(part.text)) if (word.text !== '') yield { text: word, id: -1 };
  }
}

/** Tokens of a text with everything that is known of them. */
export function encodeWithPipeline(
  pipeline: Pipeline,
  text: string,
  allowed: AllowedTokens,
  options: SequenceOptions,
): TokenSequence {
  const ids = createIdSink();
  if (!options.offsets && !options.enough) {
    appendIds(pipeline, text, ids, allowed, options);
    return idsSequence(takeIds(ids));
  }
  const { plan } = pipeline;
  if (plan?.byteLength && !options.enough && !options.dropout && !options.sampling) {
    const planned = encodePlanned(pipeline, plan, text, allowed);
    if (planned) return planned;
  }
  const parts = enoughParts(pipeline, textParts(pipeline, text, allowed, options.offsets), options);
  const collector = createCollector(text, options.offsets);
  for (const { part, tokens, word } of parts) collector.add(tokens, byteRanges(part.text), word);
  return collector.take();
}

/** Offsets by the bytes of the tokens; undefined where a normalizer changes the text. */
function encodePlanned(
  pipeline: Pipeline,
  plan: TextPlan,
  text: string,
  allowed: AllowedTokens,
): TokenSequence | undefined {
  const ids = createIdSink();
  const wordEnds = createIdSink();
  const surfaces: (string | undefined)[] = [];
  const sections: {
    readonly start: number;
    readonly end: number;
    readonly first: number;
    readonly isAdded: boolean;
  }[] = [];
  for (const { text: part, id } of extractTokens(pipeline, text, allowed, true)) {
    if (part.starts) return undefined;
    sections.push({ start: part.origin, end: part.origin + part.text.length, first: ids.count, isAdded: id >= 0 });
    if (id < 0) {
      plan.append(part.text, ids, wordEnds);
    } else {
      surfaces[ids.count] = part.text;
      pushId(ids, id);
      pushId(wordEnds, ids.count);
    }
  }
  const found = takeIds(ids);
  const offsets = new Int32Array(found.length * 2);
  const original = wellFormed(text);
  for (const [index, { start, end, first, isAdded }] of sections.entries()) {
    const last = sections[index + 1]?.first ?? found.length;
    if (isAdded) offsets.set([start, end], first * 2);
    else
      writeByteOffsets(original, start, Array.from(found.subarray(first, last), plan.byteLength!), offsets, first * 2);
  }
  surfaces.length = found.length;
  return { ...textSequence(found, offsets, wordsOfEnds(takeIds(wordEnds), found.length), surfaces), text };
}

/** Word of every token, from the number of tokens behind each word. */
export function wordsOfEnds(ends: Int32Array, count: number): Int32Array {
  const words = new Int32Array(count);
  for (let word = 0, at = 0; word < ends.length; word += 1) for (; at < ends[word]!; at += 1) words[at] = word;
  return words;
}

/** Tokens of the parts in order, of the last ones only where truncation cuts from the left. */
function enoughParts(
  { model }: Pipeline,
  parts: Iterable<Part>,
  options: SequenceOptions,
): readonly { readonly part: Part; readonly tokens: WordTokens; readonly word: number }[] {
  const { enough } = options;
  const isLeft = enough?.direction === 'left';
  const found = [];
  let count = 0;
  const all = isLeft ? [...parts].map((part, word) => [part, word] as const).toReversed() : numbered(parts);
  for (const [part, word] of all) {
    if (enough && count >= enough.tokens) break;
    const tokens = part.id >= 0 ? wholeText(part) : model.encodeWord(part.text.text, options);
    count += tokens.ids.length;
    found.push({ part, tokens, word });
  }
  return isLeft ? found.reverse() : found;
}

function* numbered(parts: Iterable<Part>): Generator<readonly [Part, number]> {
  let word = 0;
  for (const part of parts) yield [part, word++];
}

/** An added token, with the white space that it took. */
export function wholeText({ text, id }: Part): WordTokens {
  return { ids: [id], starts: [0], ends: [utf8TextLength(text.text)], surfaces: [text.text] };
}

/** Ids only: no alignment is kept. */
export function appendIds(
  pipeline: Pipeline,
  text: string,
  sink: IdSink,
  allowed: AllowedTokens,
  options: Pick<SequenceOptions, 'dropout' | 'sampling' | 'random'> = {},
): void {
  if (pipeline.plan && !options.dropout && !options.sampling) {
    for (const part of extractTokens(pipeline, text, allowed, false, pipeline.plan.isRaw)) {
      if (part.id >= 0) pushId(sink, part.id);
      else pipeline.plan.append(part.text.text, sink);
    }
    return;
  }
  for (const part of textParts(pipeline, text, allowed, false)) {
    if (part.id >= 0) {
      pushId(sink, part.id);
      continue;
    }
    const { ids } = pipeline.model.encodeWord(part.text.text, options);
    for (let index = 0; index < ids.length; index += 1) pushId(sink, ids[index]!);
  }
}

/** Number of ids; counting stops above `most`. */
export function countIds(pipeline: Pipeline, text: string, allowed: AllowedTokens, most: number): number {
  let count = 0;
  const { plan, model } = pipeline;
  const parts = plan
    ? extractTokens(pipeline, text, allowed, false, plan.isRaw)
    : textParts(pipeline, text, allowed, false);
  for (const part of parts) {
    if (part.id >= 0) count += 1;
    else if (plan) count += plan.count(part.text.text, most - count);
    else count += model.encodeWord(part.text.text, {}).ids.length;
    if (count > most) break;
  }
  return count;
}
