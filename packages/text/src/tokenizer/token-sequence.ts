/** Tokens with all that is known of each, while an encoding is put together. */
export interface TokenSequence {
  readonly ids: Int32Array;
  /** Two numbers a token; like words and surfaces empty where nobody asks for them. */
  readonly offsets: Int32Array;
  readonly wordIds: Int32Array;
  readonly typeIds: Int32Array;
  readonly attentionMask: Int32Array;
  readonly specialTokensMask: Int32Array;
  readonly sequenceIds: Int32Array;
  /** Texts of tokens that are not written as the vocabulary has them: unknown text, white space around added tokens. */
  readonly surfaces: readonly (string | undefined)[];
  /** What truncation cut off. */
  readonly overflowing: readonly TokenSequence[];
  /** What the offsets count in; only of one text, and only where they are wanted. */
  readonly text?: string;
}

/** Tokens of a text: type 0, seen, not added, of the first text, without offsets and words unless given. */
export function textSequence(
  ids: Int32Array,
  offsets?: Int32Array,
  wordIds?: Int32Array,
  surfaces?: readonly (string | undefined)[],
): TokenSequence {
  const { length } = ids;
  return {
    ids,
    offsets: offsets ?? new Int32Array(length * 2),
    wordIds: wordIds ?? new Int32Array(length).fill(-1),
    typeIds: new Int32Array(length),
    attentionMask: new Int32Array(length).fill(1),
    specialTokensMask: new Int32Array(length),
    sequenceIds: new Int32Array(length),
    surfaces: surfaces ?? new Array<undefined>(length).fill(undefined),
    overflowing: [],
  };
}

/** Tokens of a text of which nobody asks for offsets, words and surfaces; masks are made when they are looked at. */
export function idsSequence(ids: Int32Array): TokenSequence {
  const { length } = ids;
  let made: ReturnType<typeof createMasks> | undefined;
  const masks = () => (made ??= createMasks(length));
  return {
    ids,
    offsets: none,
    wordIds: none,
    get typeIds() {
      return masks().typeIds;
    },
    get attentionMask() {
      return masks().attentionMask;
    },
    get specialTokensMask() {
      return masks().specialTokensMask;
    },
    get sequenceIds() {
      return masks().sequenceIds;
    },
    surfaces: [],
    overflowing: [],
  };
}

function createMasks(length: number) {
  // One piece of memory costs less than many.
  const all = new Int32Array(length * 4);
  const part = (place: number) => all.subarray(place * length, (place + 1) * length);
  return {
    typeIds: part(0),
    attentionMask: part(1).fill(1),
    specialTokensMask: part(2),
    sequenceIds: part(3),
  };
}

const none = new Int32Array(0);

/** Tokens that a template adds: marked as such, of no text. */
export function addedSequence(ids: readonly number[], typeId: number): TokenSequence {
  return {
    ...textSequence(Int32Array.from(ids)),
    typeIds: new Int32Array(ids.length).fill(typeId),
    specialTokensMask: new Int32Array(ids.length).fill(1),
    sequenceIds: new Int32Array(ids.length).fill(-1),
  };
}

/** Padding: marked as added and not to be looked at. */
export function paddingSequence(length: number, id: number, typeId: number): TokenSequence {
  return {
    ...addedSequence(new Array<number>(length).fill(id), typeId),
    attentionMask: new Int32Array(length),
  };
}

/** The tokens `start..end`, without what overflows. */
export function sliceSequence(sequence: TokenSequence, start: number, end: number): TokenSequence {
  return {
    ids: sequence.ids.slice(start, end),
    offsets: sequence.offsets.slice(start * 2, end * 2),
    wordIds: sequence.wordIds.slice(start, end),
    typeIds: sequence.typeIds.slice(start, end),
    attentionMask: sequence.attentionMask.slice(start, end),
    specialTokensMask: sequence.specialTokensMask.slice(start, end),
    sequenceIds: sequence.sequenceIds.slice(start, end),
    surfaces: sequence.surfaces.slice(start, end),
    overflowing: [],
    ...(sequence.text !== undefined && { text: sequence.text }),
  };
}

/** The same tokens with one type, as text number `sequenceId`. What overflows keeps its types. */
export function retypeSequence(sequence: TokenSequence, typeId: number, sequenceId: number): TokenSequence {
  return {
    ...sequence,
    typeIds: new Int32Array(sequence.ids.length).fill(typeId),
    sequenceIds: new Int32Array(sequence.ids.length).fill(sequenceId),
    overflowing: sequence.overflowing.map((part) => ({
      ...part,
      sequenceIds: new Int32Array(part.ids.length).fill(sequenceId),
    })),
  };
}

/** One sequence behind the other. What overflows is combined each with each, as the Hugging Face library does it. */
export function joinSequences(sequences: readonly TokenSequence[]): TokenSequence {
  return sequences.length === 0 ? textSequence(new Int32Array()) : sequences.reduce(joinTwo);
}

function joinTwo(left: TokenSequence, right: TokenSequence): TokenSequence {
  return {
    ids: concatenate(left.ids, right.ids),
    offsets: concatenate(left.offsets, right.offsets),
    wordIds: concatenate(left.wordIds, right.wordIds),
    typeIds: concatenate(left.typeIds, right.typeIds),
    attentionMask: concatenate(left.attentionMask, right.attentionMask),
    specialTokensMask: concatenate(left.specialTokensMask, right.specialTokensMask),
    sequenceIds: concatenate(left.sequenceIds, right.sequenceIds),
    surfaces: [...left.surfaces, ...right.surfaces],
    overflowing: [
      ...left.overflowing.flatMap((part) => [
        joinTwo(part, right),
        ...right.overflowing.map((other) => joinTwo(part, other)),
      ]),
      ...right.overflowing.map((other) => joinTwo({ ...left, overflowing: [] }, other)),
    ],
  };
}

function concatenate(left: Int32Array, right: Int32Array): Int32Array {
  const out = new Int32Array(left.length + right.length);
  out.set(left);
  out.set(right, left.length);
  return out;
}
