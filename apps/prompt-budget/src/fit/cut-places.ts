import type { Cut, FitTokenizer, Kept } from './documents';

/** Where a document may be cut: what its first, last, or first and last tokens are of. */
export interface CutPlaces {
  /** What is kept with at most so many tokens, whole characters only. */
  keep(tokens: number): Kept;
}

/** UTF-16 units of a token that nothing natural exceeds on average. */
const unitsOfToken = 16;

/**
 * Finds the token boundaries of a document, as far as they can be needed.
 *
 * @param most - Tokens that will be kept at most.
 */
export function cutPlaces(tokenizer: FitTokenizer, text: string, cut: Exclude<Cut, 'never'>, most: number): CutPlaces {
  const fromStart = cut === 'head' ? undefined : headEnds(tokenizer, text, most);
  const fromEnd = cut === 'tail' ? undefined : tailStarts(tokenizer, text, most);
  const head = (tokens: number) => (fromStart ? fromStart[Math.min(tokens, fromStart.length - 1)]! : 0);
  const tail = (tokens: number) => (fromEnd ? text.length - fromEnd[Math.min(tokens, fromEnd.length - 1)]! : 0);
  return {
    keep(tokens) {
      if (cut !== 'middle') return { head: head(tokens), tail: tail(tokens) };
      const first = head(Math.ceil(tokens / 2));
      return { head: first, tail: Math.min(tail(Math.floor(tokens / 2)), text.length - first) };
    },
  };
}

/** Where the first 0, 1, 2, … tokens end; a character that is in two tokens is behind both. */
function headEnds(tokenizer: FitTokenizer, text: string, most: number): readonly number[] {
  const window = textWindow(tokenizer, text, most, (size) => text.slice(0, keepPairs(text, size)));
  const ends = [0];
  for (let token = 1; token <= window.tokens; token += 1) {
    const next = token < window.tokens ? window.start(token) : window.text.length;
    ends.push(Math.max(ends.at(-1)!, Math.min(window.end(token - 1), next)));
  }
  // What a tokenizer leaves out at the end is of no token, but of the text.
  if (window.text.length === text.length) ends[ends.length - 1] = text.length;
  return ends;
}

/** Where the last 0, 1, 2, … tokens start. */
function tailStarts(tokenizer: FitTokenizer, text: string, most: number): readonly number[] {
  const window = textWindow(tokenizer, text, most, (size) => text.slice(keepPairs(text, text.length - size)));
  const offset = text.length - window.text.length;
  const starts = [text.length];
  for (let token = window.tokens - 1; token >= 0; token -= 1) {
    const before = token > 0 ? window.end(token - 1) : 0;
    starts.push(Math.min(starts.at(-1)!, offset + Math.max(window.start(token), before)));
  }
  if (offset === 0) starts[starts.length - 1] = 0;
  return starts;
}

interface EncodedWindow {
  readonly text: string;
  readonly tokens: number;
  start(token: number): number;
  end(token: number): number;
}

/** The part of a text that holds more tokens than are needed, or all of it. */
function textWindow(
  tokenizer: FitTokenizer,
  text: string,
  most: number,
  slice: (size: number) => string,
): EncodedWindow {
  for (let size = unitsOfToken * (most + 64); ; size *= 2) {
    const part = size < text.length ? slice(size) : text;
    const { ids, offsets = new Int32Array() } = tokenizer.encode(part, wholeText);
    if (part.length < text.length && ids.length <= most) continue;
    const [start, end] = [(token: number) => offsets[token * 2]!, (token: number) => offsets[token * 2 + 1]!];
    return { text: part, tokens: ids.length, start, end };
  }
}

/** Ordinary text, nothing added or cut off, whatever the tokenizer's file says. */
export const wholeText = {
  specials: 'ordinary',
  addSpecialTokens: false,
  offsets: 'utf16',
  truncation: { maxLength: Number.MAX_SAFE_INTEGER },
  padding: { length: 0 },
} as const;

/** The place itself, or the one before if it is between two surrogates. */
function keepPairs(text: string, at: number): number {
  const isInside = (text.charCodeAt(at - 1) & 0xfc00) === 0xd800 && (text.charCodeAt(at) & 0xfc00) === 0xdc00;
  return isInside ? at - 1 : at;
}
