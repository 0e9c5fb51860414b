import { sequenceLength } from '../bytes/utf8';
import { advanceInSteps, type Steps } from '../tokenizer/steps';
import { type Charsmap, longestMatch, replacementBytes } from './charsmap';
import type { NormalizerFacts } from './model-proto';
import type { SymbolMatcher } from './symbol-matcher';

/** Bytes of normalized text, and where in the original each begins (with one more entry for the end). */
export interface NormalizedBytes {
  readonly bytes: Uint8Array;
  readonly origins: Int32Array;
}

/** What turns text into what a SentencePiece model sees. */
export interface SentencePieceNormalizer {
  readonly facts: Pick<NormalizerFacts, 'addDummyPrefix' | 'removeExtraWhitespaces' | 'escapeWhitespaces'>;
  readonly charsmap: Charsmap | undefined;
  /** User-defined symbols, which are never changed. */
  readonly matcher: SymbolMatcher | undefined;
  readonly isSuffix: boolean;
}

/** U+2581. */
const marker = [0xe2, 0x96, 0x81];
const space = 0x20;

/** Normalizes as SentencePiece does: character map, then white space. */
export function normalizeBytes(normalizer: SentencePieceNormalizer, input: Uint8Array): NormalizedBytes {
  const { advance, done } = beginNormalizing(normalizer, input);
  advance(input.length);
  return done();
}

/** {@link normalizeBytes} in steps. */
export function* normalizeBytesInSteps(normalizer: SentencePieceNormalizer, input: Uint8Array): Steps<NormalizedBytes> {
  const { advance, done } = beginNormalizing(normalizer, input);
  yield* advanceInSteps(advance);
  return done();
}

function beginNormalizing(normalizer: SentencePieceNormalizer, input: Uint8Array) {
  const { facts, isSuffix } = normalizer;
  const { removeExtraWhitespaces, addDummyPrefix } = facts;
  const spaceBytes = facts.escapeWhitespaces ? marker : [space];
  let out = new Uint8Array(input.length + 64);
  let origins = new Int32Array(input.length + 64);
  let count = 0;
  let consumed = 0;
  let isLeading = true;
  let isAfterSpace = removeExtraWhitespaces;

  const put = (bytes: readonly number[]) => {
    if (count + bytes.length + spaceBytes.length >= out.length) grow();
    for (const byte of bytes) {
      out[count] = byte;
      origins[count++] = consumed;
    }
  };
  const grow = () => {
    const [oldOut, oldOrigins] = [out, origins];
    out = new Uint8Array(oldOut.length * 2);
    origins = new Int32Array(oldOut.length * 2);
    out.set(oldOut);
    origins.set(oldOrigins);
  };
  /** False: there is nothing but white space so far. */
  const passLeading = (limit: number): boolean => {
    while (removeExtraWhitespaces && consumed < limit) {
      const { bytes, length } = prefixAt(normalizer, input, consumed);
      if (bytes.length !== 1 || bytes[0] !== space) break;
      consumed += length;
    }
    if (consumed >= limit) return false;
    isLeading = false;
    if (addDummyPrefix && !isSuffix) put(spaceBytes);
    return true;
  };
  /** Goes on to a place; true at the end. */
  const advance = (until: number): boolean => {
    const limit = Math.min(until, input.length);
    if (isLeading && !passLeading(limit)) return consumed >= input.length;
    while (consumed < limit) {
      const { bytes, length } = prefixAt(normalizer, input, consumed);
      let start = 0;
      while (isAfterSpace && bytes[start] === space) start += 1;
      for (let index = start; index < bytes.length; index += 1) {
        const byte = bytes[index]!;
        put(byte === space ? spaceBytes : [byte]);
      }
      if (start < bytes.length) isAfterSpace = removeExtraWhitespaces && bytes[bytes.length - 1] === space;
      consumed += length;
    }
    return consumed >= input.length;
  };
  const done = (): NormalizedBytes => {
    if (isLeading) return { bytes: new Uint8Array(), origins: Int32Array.of(0) };
    while (removeExtraWhitespaces && endsWith(out, count, spaceBytes)) {
      count -= spaceBytes.length;
      consumed = origins[count]!;
    }
    if (addDummyPrefix && isSuffix) put(spaceBytes);
    origins[count] = consumed;
    return { bytes: out.subarray(0, count), origins: origins.subarray(0, count + 1) };
  };
  return { advance, done };
}

function endsWith(bytes: Uint8Array, count: number, ending: readonly number[]): boolean {
  return count >= ending.length && ending.every((byte, index) => bytes[count - ending.length + index] === byte);
}

/** What the text at `start` begins with, normalized, and how many bytes of it that is. */
function prefixAt(
  { charsmap, matcher }: SentencePieceNormalizer,
  input: Uint8Array,
  start: number,
): { readonly bytes: Uint8Array; readonly length: number } {
  const symbol = matcher ? matcher.longest(input, start) : 0;
  if (symbol > 0) return { bytes: input.subarray(start, start + symbol), length: symbol };
  const found = charsmap && longestMatch(charsmap, input, start, input.length);
  if (charsmap && found) return { bytes: replacementBytes(charsmap, found.value), length: found.length };
  // The text was a string, so its UTF-8 is valid.
  const length = sequenceLength(input[start]!);
  return { bytes: input.subarray(start, start + length), length };
}
