import { byteToken } from '../bytes/byte-alphabet';
import { utf8Encode, utf8Length } from '../bytes/utf8';
import type { WordModel, WordOptions, WordTokens } from '../pipeline/word-model';
import { mergeWithDropout } from './dropout';
import { createIdSink, pushId, takeIds } from './id-sink';
import { createJunctions, type Junctions, stretchEnd } from './junctions';
import { createMergeSpace, mergeTracked, reserveMergeSpace } from './merge';
import type { PairTable } from './pair-table';

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

/** Symbols of a word before merging: ids, and how many bytes of the word each stands for. */
interface Symbols {
  readonly ids: number[];
  readonly lengths: number[];
}

/** Longer words are cut where no merge joins anything. */
const longWord = 48;
const rememberedStretches = 50_000;

export function createCharacterBpe(options: CharacterBpeOptions): WordModel {
  const { vocabulary, pairs, unknownId } = options;
  const space = createMergeSpace();
  const byteIds = Array.from({ length: 256 }, (_, byte) => vocabulary.get(byteToken(byte)));
  const canCut = options.continuingPrefix === '' && options.endOfWordSuffix === '';
  let junctions: Junctions | undefined | null = null;
  let known = new Map<string, WordTokens>();

  const encodeWhole = (word: string, { dropout = 0, random }: WordOptions): WordTokens => {
    const symbols = readSymbols(word, options, byteIds);
    const { length } = symbols.ids;
    reserveMergeSpace(space, length);
    space.ids.set(symbols.ids);
    const isRandom = dropout > 0 && random !== undefined;
    const count = isRandom
      ? mergeWithDropout(space, length, pairs, dropout, random)
      : mergeTracked(space, length, pairs);
    return withOffsets(space.ids, space.previous, count, symbols.lengths);
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
      if (whole !== undefined) return { ids: [whole], starts: [0], ends: [utf8Encode(word).length] };
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

function withOffsets(ids: Int32Array, places: Int32Array, count: number, lengths: readonly number[]): WordTokens {
  const starts = new Int32Array(count);
  const ends = new Int32Array(count);
  let byte = 0;
  for (let index = 0; index < count; index += 1) {
    starts[index] = byte;
    const end = index + 1 < count ? places[index + 1]! : lengths.length;
    for (let symbol = places[index]!; symbol < end; symbol += 1) byte += lengths[symbol]!;
    ends[index] = byte;
  }
  return { ids: ids.slice(0, count), starts, ends };
}

/**
 * Characters as symbols. An unknown one waits for its neighbours, and only a known one lets it out: bytes that come
 * between overtake it, as in the Hugging Face library.
 */
function readSymbols(word: string, options: CharacterBpeOptions, byteIds: readonly (number | undefined)[]): Symbols {
  const { vocabulary, unknownId, fuseUnknown, byteFallback, continuingPrefix, endOfWordSuffix } = options;
  const ids: number[] = [];
  const lengths: number[] = [];
  let waiting = 0;
  const push = (id: number, length: number) => {
    ids.push(id);
    lengths.push(length);
  };
  const release = () => {
    if (waiting > 0 && unknownId !== undefined) push(unknownId, waiting);
    waiting = 0;
  };
  for (let at = 0; at < word.length;) {
    const codePoint = word.codePointAt(at)!;
    const end = at + (codePoint > 0xffff ? 2 : 1);
    const symbol =
      (at > 0 ? continuingPrefix : '') + word.slice(at, end) + (end === word.length ? endOfWordSuffix : '');
    const length = utf8Length(codePoint);
    at = end;
    const id = vocabulary.get(symbol);
    if (id !== undefined) {
      release();
      push(id, length);
      continue;
    }
    const bytes = byteFallback ? Array.from(utf8Encode(symbol), (byte) => byteIds[byte]) : [undefined];
    if (bytes.every((one) => one !== undefined)) {
      for (const byte of bytes) push(byte, 1);
    } else if (unknownId !== undefined) {
      if (!fuseUnknown) release();
      waiting += length;
    }
  }
  release();
  return { ids, lengths };
}
