import { sequenceLength } from '../bytes/utf8';
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
  const { facts } = normalizer;
  const out: number[] = [];
  const origins: number[] = [];
  let consumed = 0;
  const put = (bytes: readonly number[] | Uint8Array) => {
    for (const byte of bytes) {
      out.push(byte);
      origins.push(consumed);
    }
  };
  const spaceBytes = facts.escapeWhitespaces ? marker : [space];
  if (facts.removeExtraWhitespaces) {
    while (consumed < input.length) {
      const { bytes, length } = prefixAt(normalizer, input, consumed);
      if (bytes.length !== 1 || bytes[0] !== space) break;
      consumed += length;
    }
  }
  if (consumed >= input.length) return { bytes: new Uint8Array(), origins: Int32Array.of(0) };
  if (facts.addDummyPrefix && !normalizer.isSuffix) put(spaceBytes);
  let isAfterSpace = facts.removeExtraWhitespaces;
  while (consumed < input.length) {
    const { bytes, length } = prefixAt(normalizer, input, consumed);
    let start = 0;
    while (isAfterSpace && bytes[start] === space) start += 1;
    for (let index = start; index < bytes.length; index += 1) {
      const byte = bytes[index]!;
      if (byte === space) put(spaceBytes);
      else put([byte]);
    }
    if (start < bytes.length) isAfterSpace = facts.removeExtraWhitespaces && bytes[bytes.length - 1] === space;
    consumed += length;
  }
  if (facts.removeExtraWhitespaces) {
    while (endsWith(out, spaceBytes)) {
      out.length -= spaceBytes.length;
      consumed = origins[out.length]!;
      origins.length = out.length;
    }
  }
  if (facts.addDummyPrefix && normalizer.isSuffix) put(spaceBytes);
  origins.push(consumed);
  return { bytes: Uint8Array.from(out), origins: Int32Array.from(origins) };
}

function endsWith(bytes: readonly number[], ending: readonly number[]): boolean {
  return (
    bytes.length >= ending.length && ending.every((byte, index) => bytes[bytes.length - ending.length + index] === byte)
  );
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
