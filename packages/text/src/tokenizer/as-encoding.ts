import { convertOffsets } from './text-offsets';
import type { OffsetUnit, TextEncoding } from './text-tokenizer';
import type { TokenSequence } from './token-sequence';

/**
 * Leaves out offsets where none were asked for, and counts them in the unit that was.
 *
 * @param texts - The texts that the sequences are of, by `sequenceIds`.
 */
export function asEncoding(
  sequence: TokenSequence,
  unit: OffsetUnit | undefined,
  texts: readonly string[],
  tokenOf: (id: number) => string,
): TextEncoding {
  if (!unit && sequence.overflowing.length === 0) return withMasksOf(sequence);
  const { ids, typeIds, attentionMask, specialTokensMask, sequenceIds, wordIds, offsets, surfaces, overflowing } =
    sequence;
  const parts = overflowing.map((part) => asEncoding(part, unit, texts, tokenOf));
  return {
    ids,
    typeIds,
    attentionMask,
    specialTokensMask,
    sequenceIds,
    ...(unit && {
      offsets: offsetsIn(unit, offsets, sequenceIds, texts),
      wordIds,
      tokens: Array.from(ids, (id, index) => surfaces[index] ?? tokenOf(id)),
    }),
    ...(parts.length > 0 && { overflowing: parts }),
  };
}

/** Of the sequence only what every encoding has; masks are made when they are looked at. */
const withMasksOf = (sequence: TokenSequence): TextEncoding => ({
  ids: sequence.ids,
  get typeIds() {
    return sequence.typeIds;
  },
  get attentionMask() {
    return sequence.attentionMask;
  },
  get specialTokensMask() {
    return sequence.specialTokensMask;
  },
  get sequenceIds() {
    return sequence.sequenceIds;
  },
});

function offsetsIn(
  unit: OffsetUnit,
  offsets: Int32Array,
  sequenceIds: Int32Array,
  texts: readonly string[],
): Int32Array {
  if (unit === 'utf16') return offsets;
  const inTexts = texts.map((text) => convertOffsets(text, offsets, unit));
  return offsets.map((_, index) => inTexts[sequenceIds[index >> 1]!]?.[index] ?? 0);
}
