import { createIdSink, type IdSink, pushId, takeIds } from '../bpe/id-sink';
import { type Steps, stepSize } from '../tokenizer/steps';

/**
 * Text on its way through normalizers, and where each of its UTF-16 units comes from in the original text: the range
 * of original units, all units of a character having the same one.
 */
export interface AlignedText {
  readonly text: string;
  /** Undefined: unit `i` is the original unit `origin + i`. */
  readonly starts: Int32Array | undefined;
  readonly ends: Int32Array | undefined;
  /** Where the text begins in the original, whatever normalizers put before it. */
  readonly origin: number;
  /** False: nobody asks for offsets, so alignment is not kept up. */
  readonly tracked: boolean;
}

export function alignText(text: string, origin: number, tracked: boolean): AlignedText {
  return { text, starts: undefined, ends: undefined, origin, tracked };
}

/** A part of a text. */
export function sliceText(source: AlignedText, start: number, end: number): AlignedText {
  const { text, starts, ends, origin, tracked } = source;
  if (start === 0 && end === text.length) return source;
  if (!starts || !ends) return { ...source, text: text.slice(start, end), origin: origin + start };
  return {
    text: text.slice(start, end),
    starts: starts.subarray(start, end),
    ends: ends.subarray(start, end),
    origin: start < end ? starts[start]! : origin,
    tracked,
  };
}

/** Original range of the units `start..end`, `start` below `end`, inside a text. */
export function originalRange(
  { starts, ends, origin, text }: AlignedText,
  start: number,
  end: number,
): readonly [number, number] {
  if (starts && ends) return [starts[start]!, ends[end - 1]!];
  return [origin + characterStart(text, start), origin + characterEnd(text, end)];
}

const isLowSurrogate = (unit: number): boolean => (unit & 0xfc00) === 0xdc00;
const isHighSurrogate = (unit: number): boolean => (unit & 0xfc00) === 0xd800;

function characterStart(text: string, at: number): number {
  return at > 0 && isLowSurrogate(text.charCodeAt(at)) && isHighSurrogate(text.charCodeAt(at - 1)) ? at - 1 : at;
}

function characterEnd(text: string, at: number): number {
  return at < text.length && isLowSurrogate(text.charCodeAt(at)) && isHighSurrogate(text.charCodeAt(at - 1))
    ? at + 1
    : at;
}

/** Alignment of one unit, or of nothing at the very beginning. */
function alignmentOf(source: AlignedText, at: number): readonly [number, number] {
  return at < 0 ? [source.origin, source.origin] : originalRange(source, at, at + 1);
}

/** Builds a new text from an old one: keeps stretches, and puts characters that stand for one of the old units. */
export interface TextEdit {
  /** Copies the units `start..end`. */
  keep(start: number, end: number): void;
  /** Adds text aligned to the old unit `at`; -1: to nothing, at the beginning. */
  put(text: string, at: number): void;
  done(): AlignedText;
}

export function editText(source: AlignedText): TextEdit {
  const parts: string[] = [];
  const { tracked } = source;
  const starts: IdSink = createIdSink(tracked ? source.text.length + 16 : 0);
  const ends: IdSink = createIdSink(tracked ? source.text.length + 16 : 0);
  return {
    keep(start, end) {
      if (end <= start) return;
      parts.push(source.text.slice(start, end));
      if (!tracked) return;
      for (let index = start; index < end; index += 1) {
        const [first, last] = originalRange(source, index, index + 1);
        pushId(starts, first);
        pushId(ends, last);
      }
    },
    put(text, at) {
      if (text === '') return;
      parts.push(text);
      if (!tracked) return;
      const [first, last] = alignmentOf(source, at);
      for (let index = 0; index < text.length; index += 1) {
        pushId(starts, first);
        pushId(ends, last);
      }
    },
    done: () => ({
      text: parts.join(''),
      starts: tracked ? takeIds(starts) : undefined,
      ends: tracked ? takeIds(ends) : undefined,
      origin: source.origin,
      tracked,
    }),
  };
}

/** Parts that were made of a text one after the other, as one text again. */
export function* joinTexts(source: AlignedText, parts: readonly AlignedText[]): Steps<AlignedText> {
  const { origin, tracked } = source;
  yield;
  const text = parts.map((part) => part.text).join('');
  // Joining alone takes the time of a step where the text is long.
  yield;
  if (!tracked) return { text, starts: undefined, ends: undefined, origin, tracked };
  const starts = new Int32Array(text.length);
  const ends = new Int32Array(text.length);
  let at = 0;
  for (const part of parts) {
    for (let index = 0; index < part.text.length; index += 1) {
      [starts[at], ends[at]] = originalRange(part, index, index + 1);
      at += 1;
      if (at % stepSize === 0) yield;
    }
  }
  return { text, starts, ends, origin, tracked };
}

/**
 * A whole text written anew, character by character.
 *
 * @param characters - The new characters.
 * @param changes - What each does to the old ones: 0 replaces the next, 1 is added behind the one before, -n replaces the
 * next and drops n more.
 * @param dropped - Old characters left out at the beginning.
 */
export function rewriteText(
  source: AlignedText,
  characters: readonly string[],
  changes: ArrayLike<number>,
  dropped = 0,
): AlignedText {
  if (!source.tracked) return { ...source, text: characters.join(''), starts: undefined, ends: undefined };
  const edit = editText(source);
  const { text } = source;
  let at = 0;
  const skip = (count: number) => {
    for (let left = count; left > 0 && at < text.length; left -= 1) at += text.codePointAt(at)! > 0xffff ? 2 : 1;
  };
  skip(dropped);
  for (let index = 0; index < characters.length; index += 1) {
    const change = changes[index]!;
    edit.put(characters[index]!, change > 0 || at >= text.length ? at - 1 : at);
    if (change <= 0) skip(1 - change);
  }
  return edit.done();
}
