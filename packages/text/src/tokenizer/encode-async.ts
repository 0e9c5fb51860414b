import { createIdSink, type IdSink, pushId, reserveIds, takeIds } from '../bpe/id-sink';
import { asEncoding } from './as-encoding';
import { checkInteger, checkText } from './check-arguments';
import { checkOptions } from './encode-options';
import { cutsFor } from './stretches';
import { endOfStretch } from './text-cuts';
import type { TextModel } from './text-model';
import { convertOffsets } from './text-offsets';
import type { AsyncEncodeOptions, TextEncoding } from './text-tokenizer';
import { sliceSequence, textSequence, joinSequences, type TokenSequence } from './token-sequence';

/** Units between two pauses: some milliseconds of work, also for code that is not yet optimized. */
const defaultStretch = 1 << 14;
const defaultStretchWithOffsets = 1 << 12;

/** Tokens from which on the arrays of the result are made one between two pauses. */
const manyTokens = 1 << 16;

/** The event loop goes on. */
const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, 0);
  });

/** What has been encoded so far. */
interface Collected {
  readonly ids: IdSink;
  readonly offsets: IdSink;
  readonly words: IdSink;
  readonly tokens: string[];
  /** Units before the stretch, in the unit of the offsets. */
  base: number;
  /** Words before it. */
  wordCount: number;
}

/**
 * Encodes stretch by stretch and lets the event loop go on in between; gives what `encode` gives. A text without a place
 * to cut is one stretch.
 */
export async function encodeInStretches(
  model: TextModel,
  text: string,
  options: AsyncEncodeOptions,
): Promise<TextEncoding> {
  checkText('text', text);
  checkOptions(options);
  const { signal, onProgress, pause = nextTurn } = options;
  const { stretch = options.offsets ? defaultStretchWithOffsets : defaultStretch } = options;
  checkInteger('stretch', stretch, 1);
  const cuts = cutsFor(model, options);
  const collected: Collected = {
    ids: createIdSink(),
    offsets: createIdSink(),
    words: createIdSink(),
    tokens: [],
    base: 0,
    wordCount: 0,
  };
  let before: TokenSequence | undefined;
  for (let start = 0; start < text.length;) {
    signal?.throwIfAborted();
    const end = endOfStretch(text, start, stretch, cuts);
    const part = encodeStretch(model, text, start, end, options);
    if (options.offsets) collectPlaces(collected, model, text, { start, end }, part, before, options);
    append(collected.ids, part.ids);
    if (part.ids.length > 0) before = sliceSequence(part, part.ids.length - 1, part.ids.length);
    start = end;
    onProgress?.({ done: end, total: text.length });
    await pause();
  }
  signal?.throwIfAborted();
  return finish(model, collected, options, collected.ids.count < manyTokens ? async () => {} : pause);
}

function encodeStretch(
  model: TextModel,
  text: string,
  start: number,
  end: number,
  { specials = model.defaults.specials, offsets }: AsyncEncodeOptions,
): TokenSequence {
  const options = { specials, offsets: offsets !== undefined };
  try {
    return model.sequence(text.slice(start, end), options);
  } catch (error) {
    // A special token that is refused: the whole text says where it is.
    if (start > 0) model.sequence(text, options);
    throw error;
  }
}

/** Offsets, words and tokens of a stretch. */
function collectPlaces(
  collected: Collected,
  model: TextModel,
  whole: string,
  { start, end }: { readonly start: number; readonly end: number },
  part: TokenSequence,
  before: TokenSequence | undefined,
  { offsets: unit = 'utf16' }: AsyncEncodeOptions,
): void {
  // Some post-processors trim offsets, and treat the first token of a text differently.
  const placed = { ...part, offsets: part.offsets.map((offset) => offset + start) };
  const joined = { ...joinSequences(before ? [before, placed] : [placed]), text: whole };
  const text = whole.slice(start, end);
  const processed = joinSequences(model.postProcess([joined], false)).offsets.subarray(before ? 2 : 0);
  const trimmed = processed.map((offset) => Math.max(0, offset - start));
  for (const offset of convertOffsets(text, trimmed, unit)) pushId(collected.offsets, collected.base + offset);
  let words = 0;
  for (const word of part.wordIds) {
    pushId(collected.words, word < 0 ? -1 : collected.wordCount + word);
    words = Math.max(words, word + 1);
  }
  for (const [index, id] of part.ids.entries()) {
    collected.tokens.push(part.surfaces[index] ?? model.idToToken(id) ?? '');
  }
  collected.wordCount += words;
  collected.base += convertOffsets(text, Int32Array.of(text.length), unit)[0]!;
}

function append(sink: IdSink, ids: Int32Array): void {
  reserveIds(sink, ids.length);
  sink.ids.set(ids, sink.count);
  sink.count += ids.length;
}

/** Puts what the template adds around the tokens of the text, which are not looked at again. */
async function finish(
  model: TextModel,
  { ids, offsets, words, tokens }: Collected,
  { offsets: unit, addSpecialTokens = model.defaults.addSpecialTokens }: AsyncEncodeOptions,
  pause: () => Promise<void>,
): Promise<TextEncoding> {
  const marker = { ...textSequence(Int32Array.of(0)), attentionMask: Int32Array.of(2) };
  const frame = joinSequences(model.postProcess([marker], addSpecialTokens));
  const at = frame.attentionMask.indexOf(2);
  const head = sliceSequence(frame, 0, at);
  const tail = sliceSequence(frame, at + 1, frame.ids.length);
  const tokenOf = (id: number) => model.idToToken(id) ?? '';
  const [first, last] = [head, tail].map((part) => asEncoding(part, unit, ['', ''], tokenOf));
  const { count } = ids;
  const step = async <T>(make: () => T): Promise<T> => {
    await pause();
    return make();
  };
  const around = (name: 'typeIds' | 'attentionMask' | 'specialTokensMask' | 'sequenceIds', value: number) =>
    step(() => concatenate(first![name]!, new Int32Array(count).fill(value), last![name]!));
  return {
    ids: await step(() => concatenate(first!.ids, takeIds(ids), last!.ids)),
    typeIds: await around('typeIds', frame.typeIds[at]!),
    attentionMask: await around('attentionMask', 1),
    specialTokensMask: await around('specialTokensMask', 0),
    sequenceIds: await around('sequenceIds', 0),
    ...(unit && {
      offsets: await step(() => concatenate(first!.offsets!, takeIds(offsets), last!.offsets!)),
      wordIds: await step(() => concatenate(first!.wordIds!, takeIds(words), last!.wordIds!)),
      tokens: await step(() => {
        // In place: nobody else has this list.
        tokens.unshift(...first!.tokens!);
        tokens.push(...last!.tokens!);
        return tokens;
      }),
    }),
  };
}

function concatenate(head: Int32Array, middle: Int32Array, tail: Int32Array): Int32Array {
  if (head.length + tail.length === 0) return middle;
  const all = new Int32Array(head.length + middle.length + tail.length);
  all.set(head);
  all.set(middle, head.length);
  all.set(tail, head.length + middle.length);
  return all;
}
