import { utf8TextLength } from '../bytes/utf8';
import type { WordModel, WordOptions, WordTokens } from '../pipeline/word-model';
import { mergeWithDropout } from './dropout';
import { createIdSink, pushId, takeIds } from './id-sink';
import { createJunctions, type Junctions, stretchEnd } from './junctions';
import { createMergeSpace, mergeTracked } from './merge';
import type { PairTable } from './pair-table';
import { createSymbolReader } from './symbol-reader';

/** BPE over characters, as tokenizer.json describes it. */
export interface CharacterBpeOptions {
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly pairs: PairTable;
  /** What becomes of characters that are no token; undefined: they are dropped. */
  readonly unknownId: number | undefined;
  /** Neighbouring unknown characters are one unknown token. */
  readonly fuseUnknown: boolean;
  /** Unknown characters become `<0xNN>` tokens where the vocabulary has all of them. */
  readonly byteFallback: boolean;
  /** A word that is a token is that token. */
  readonly ignoreMerges: boolean;
  readonly continuingPrefix: string;
  readonly endOfWordSuffix: string;
}

/** Longer words are cut where no merge joins anything. */
const longWord = 48;
const rememberedStretches = 50_000;

export function createCharacterBpe(options: CharacterBpeOptions): WordModel {
  const { vocabulary, pairs, unknownId } = options;
  const space = createMergeSpace();
  const reader = createSymbolReader(options);
  const canCut = options.continuingPrefix === '' && options.endOfWordSuffix === '';
  let junctions: Junctions | undefined | null = null;
  let known = new Map<string, WordTokens>();

  const encodeWhole = (word: string, { dropout = 0, random }: WordOptions): WordTokens => {
    const length = reader.read(word, space);
    const isRandom = dropout > 0 && random !== undefined;
    const count = isRandom
      ? mergeWithDropout(space, length, pairs, dropout, random)
      : mergeTracked(space, length, pairs);
    return withOffsets(space.ids, space.previous, count, reader.lengths, length);
  };
  const encodeStretch = (stretch: string): WordTokens => {
    const found = stretch.length <= longWord ? known.get(stretch) : undefined;
    if (found) return found;
    const tokens = encodeWhole(stretch, {});
    if (stretch.length <= longWord) {
      if (known.size >= rememberedStretches) known = new Map();
      known.set(stretch, tokens);
    }
    return tokens;
  };

  return {
    kind: 'bpe',
    vocabulary,
    encodeWord(word, wordOptions) {
      if (wordOptions.dropout) return encodeWhole(word, wordOptions);
      const whole = options.ignoreMerges ? vocabulary.get(word) : undefined;
      if (whole !== undefined) return { ids: [whole], starts: [0], ends: [utf8TextLength(word)] };
      if (word.length <= longWord || !canCut) return encodeWhole(word, wordOptions);
      if (junctions === null) junctions = createJunctions(vocabulary, pairs, unknownId);
      return junctions ? encodeInStretches(word, junctions, encodeStretch) : encodeWhole(word, wordOptions);
    },
  };
}

/** A long word, stretch by stretch. */
function encodeInStretches(word: string, junctions: Junctions, encode: (stretch: string) => WordTokens): WordTokens {
  const ids = createIdSink(word.length >> 1);
  const starts = createIdSink(word.length >> 1);
  const ends = createIdSink(word.length >> 1);
  let byte = 0;
  for (let start = 0; start < word.length;) {
    const end = stretchEnd(junctions, word, start);
    const tokens = encode(word.slice(start, end));
    const count = tokens.ids.length;
    for (let index = 0; index < count; index += 1) {
      pushId(ids, tokens.ids[index]!);
      pushId(starts, byte + tokens.starts[index]!);
      pushId(ends, byte + tokens.ends[index]!);
    }
    // Characters that are dropped take no room, as in the Hugging Face library.
    if (count > 0) byte += tokens.ends[count - 1]!;
    start = end;
  }
  return { ids: takeIds(ids), starts: takeIds(starts), ends: takeIds(ends) };
}

function withOffsets(
  ids: Int32Array,
  places: Int32Array,
  count: number,
  lengths: Int32Array,
  symbols: number,
): WordTokens {
  const starts = new Int32Array(count);
  const ends = new Int32Array(count);
  let byte = 0;
  for (let index = 0; index < count; index += 1) {
    starts[index] = byte;
    const end = index + 1 < count ? places[index + 1]! : symbols;
    for (let symbol = places[index]!; symbol < end; symbol += 1) byte += lengths[symbol]!;
    ends[index] = byte;
  }
  return { ids: ids.slice(0, count), starts, ends };
}
