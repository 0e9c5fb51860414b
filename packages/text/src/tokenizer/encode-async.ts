import { createIdSink, type IdSink, pushId, reserveIds, takeIds } from '../bpe/id-sink';
import { asEncoding } from './as-encoding';
import { checkInteger, checkText } from './check-arguments';
import { checkOptions } from './encode-options';
import { cutsFor } from './stretches';
import { endOfStretch, firstCut, type TextCuts } from './text-cuts';
import type { TextModel } from './text-model';
import { placesInSteps, unitPlaces } from './text-offsets';
import type { AsyncEncodeOptions, TextEncoding } from './text-tokenizer';
import { sliceSequence, textSequence, joinSequences, type TokenSequence } from './token-sequence';

/** Units between two pauses: some milliseconds of work, also for code that is not yet optimized. */
const defaultStretch = 1 << 14;
const defaultStretchWithOffsets = 1 << 12;

/** Longer stretches are encoded in parts, if the family can. */
const longest = 1 << 15;

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
  /** The last token, by itself. */
  before: TokenSequence | undefined;
  /** Units before the stretch, in the unit of the offsets. */
  base: number;
  /** Words before it. */
  wordCount: number;
  /** Words of it so far. */
  stretchWords: number;
}

/** Work goes on for so many milliseconds inside a stretch before there is a pause. */
const workTime = 8;

/** Units that are searched at once for a place to cut. */
const searchedAtOnce = 1 << 16;

/** Encodes stretch by stretch and lets the event loop go on in between; gives what `encode` gives. */
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
  const collected = collectNothing();
  let since = performance.now();
  const rest: Tick = async () => {
    await pause();
    since = performance.now();
  };
  const tick: Tick = async () => {
    signal?.throwIfAborted();
    if (performance.now() - since >= workTime) await rest();
  };
  for (let start = 0; start < text.length;) {
    signal?.throwIfAborted();
    const end = await findEnd(text, start, stretch, cuts, tick);
    const run = { model, text, start, end, options, collected };
    if (end - start > longest && model.sequenceParts) await encodeLong(run, tick);
    else encodeShort(run);
    start = end;
    onProgress?.({ done: end, total: text.length });
    await rest();
  }
  signal?.throwIfAborted();
  return finish(model, collected, options, collected.ids.count < manyTokens ? async () => {} : pause);
}

/** A pause where it is time for one. */
type Tick = () => Promise<void>;

/** `endOfStretch` with pauses. */
async function findEnd(text: string, start: number, size: number, cuts: TextCuts, tick: Tick): Promise<number> {
  const near = endOfStretch(text, start, size, cuts, searchedAtOnce);
  if (near >= 0) return near;
  for (let from = start + size + searchedAtOnce; from < text.length; from += searchedAtOnce) {
    await tick();
    const cut = firstCut(text, from - 1, Math.min(text.length, from + searchedAtOnce), cuts);
    if (cut >= 0) return cut;
  }
  return text.length;
}

/** A stretch on its way. */
interface StretchRun {
  readonly model: TextModel;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly options: AsyncEncodeOptions;
  readonly collected: Collected;
}

function encodeShort(run: StretchRun): void {
  const { model, text, start, end, options, collected } = run;
  const { specials = model.defaults.specials, offsets } = options;
  const section = text.slice(start, end);
  const part = namingPlace(run, () => model.sequence(section, { specials, offsets: offsets !== undefined }));
  const places = offsets && unitPlaces(section, offsets);
  collectPart(run, part, places);
  endStretch(collected, section.length, places);
}

/** A stretch that is too long for one step, part by part. */
async function encodeLong(run: StretchRun, tick: Tick): Promise<void> {
  const { model, text, start, end, options, collected } = run;
  const { specials = model.defaults.specials, offsets } = options;
  const section = text.slice(start, end);
  let places: Int32Array | undefined;
  if (offsets) {
    const steps = placesInSteps(section, offsets);
    let step = steps.next();
    for (; !step.done; step = steps.next()) await tick();
    places = step.value;
  }
  const parts = namingPlace(run, () => model.sequenceParts!(section, { specials, offsets: offsets !== undefined }));
  for (;;) {
    const next = namingPlace(run, () => parts.next());
    if (next.done) break;
    if (next.value) collectPart(run, next.value, places);
    await tick();
  }
  endStretch(collected, section.length, places);
}

/** Has the whole text say where a special token is that is refused. */
function namingPlace<T>({ model, text, start, options }: StretchRun, encode: () => T): T {
  try {
    return encode();
  } catch (error) {
    const { specials = model.defaults.specials } = options;
    if (start > 0) model.sequence(text, { specials, offsets: false });
    throw error;
  }
}

/** Takes tokens of a stretch, with offsets and words where they are wanted. */
function collectPart(run: StretchRun, part: TokenSequence, places: Int32Array | undefined): void {
  const { collected, options } = run;
  if (part.ids.length === 0) return;
  if (options.offsets) collectPlaces(run, part, places);
  append(collected.ids, part.ids);
  collected.before = sliceSequence(part, part.ids.length - 1, part.ids.length);
}

/** Offsets, words and tokens. */
function collectPlaces(
  { model, text, start, collected }: StretchRun,
  part: TokenSequence,
  places: Int32Array | undefined,
): void {
  // Some post-processors trim offsets, and treat the first token of a text differently.
  const { before } = collected;
  const placed = { ...part, offsets: part.offsets.map((offset) => offset + start) };
  const joined = { ...joinSequences(before ? [before, placed] : [placed]), text };
  const processed = joinSequences(model.postProcess([joined], false)).offsets.subarray(before ? 2 : 0);
  for (const offset of processed) {
    const local = Math.max(0, offset - start);
    pushId(collected.offsets, collected.base + (places ? places[local]! : local));
  }
  for (const [index, id] of part.ids.entries()) {
    const word = part.wordIds[index]!;
    pushId(collected.words, word < 0 ? -1 : collected.wordCount + word);
    collected.stretchWords = Math.max(collected.stretchWords, word + 1);
    collected.tokens.push(part.surfaces[index] ?? model.idToToken(id) ?? '');
  }
}

/** What follows begins behind the units and words of the stretch. */
function endStretch(collected: Collected, length: number, places: Int32Array | undefined): void {
  collected.base += places ? places[length]! : length;
  collected.wordCount += collected.stretchWords;
  collected.stretchWords = 0;
}

const collectNothing = (): Collected => ({
  ids: createIdSink(),
  offsets: createIdSink(),
  words: createIdSink(),
  tokens: [],
  before: undefined,
  base: 0,
  wordCount: 0,
  stretchWords: 0,
});

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
