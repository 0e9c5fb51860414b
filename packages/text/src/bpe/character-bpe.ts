import { utf8TextLength } from '../bytes/utf8';
import type { WordModel, WordOptions, WordTokens } from '../pipeline/word-model';
import { type Steps, stepSize } from '../tokenizer/steps';
import { mergeWithDropout } from './dropout';
import { createIdSink, pushId, takeIds } from './id-sink';
import { type Junctions, junctionsOf, knownJunctions, nextJunction, stretchEnd } from './junctions';
import { createMergeSpace, type MergeSpace, mergeTracked } from './merge';
import { mergeSteps } from './merge-steps';
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
  let known = new Map<string, WordTokens>();

  const encodeWhole = (word: string, { dropout = 0, random }: WordOptions): WordTokens => {
    const length = reader.read(word, space);
    const isRandom = dropout > 0 && random !== undefined;
    const count = isRandom
      ? mergeWithDropout(space, length, pairs, dropout, random)
      : mergeTracked(space, length, pairs);
    return tokensOf({ space, count, lengths: reader.lengths, symbols: length }, 0, count, 0);
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

  const wholeToken = (word: string): WordTokens | undefined => {
    const whole = options.ignoreMerges ? vocabulary.get(word) : undefined;
    return whole === undefined ? undefined : { ids: [whole], starts: [0], ends: [utf8TextLength(word)] };
  };

  return {
    kind: 'bpe',
    vocabulary,
    encodeWord(word, wordOptions) {
      if (wordOptions.dropout) return encodeWhole(word, wordOptions);
      const whole = wholeToken(word);
      if (whole) return whole;
      const cuts = word.length > longWord && canCut ? junctionsOf(vocabulary, pairs, unknownId) : undefined;
      return cuts ? encodeInStretches(word, cuts, encodeStretch) : encodeWhole(word, wordOptions);
    },
    *encodeParts(word) {
      const whole = wholeToken(word);
      if (whole) {
        yield whole;
        return;
      }
      // Others may use the tokenizer between two steps.
      const own = { space: createMergeSpace(), reader: createSymbolReader(options) };
      // Finding them out would take too long for a step.
      const cuts = canCut ? knownJunctions(pairs) : undefined;
      let byte = 0;
      for (let start = 0; start < word.length;) {
        const end = cuts ? yield* nearJunction(cuts, word, start + stepSize) : word.length;
        const symbols = yield* own.reader.readSteps(word.slice(start, end), own.space);
        const count = yield* mergeSteps(own.space, symbols, pairs);
        const merged = { space: own.space, count, lengths: own.reader.lengths, symbols };
        for (let from = 0; from < count; from += stepSize) {
          const tokens = tokensOf(merged, from, Math.min(count, from + stepSize), byte);
          byte = tokens.ends[tokens.ends.length - 1]!;
          yield tokens;
        }
        start = end;
      }
    },
  };
}

/** The first place from `start` on where no merge crosses, or the end of the word. */
function* nearJunction(junctions: Junctions, word: string, start: number): Steps<number> {
  for (let from = start; from < word.length; from += stepSize) {
    const found = nextJunction(junctions, word, from, Math.min(word.length, from + stepSize));
    if (found >= 0) return found;
    yield;
  }
  return word.length;
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

/** A word whose symbols are merged. */
interface MergedWord {
  readonly space: MergeSpace;
  readonly count: number;
  /** Bytes of each symbol. */
  readonly lengths: Int32Array;
  readonly symbols: number;
}

/** The tokens `from..to`, of which the first begins at `byte`. */
function tokensOf({ space, count, lengths, symbols }: MergedWord, from: number, to: number, byte: number): WordTokens {
  const { ids, previous: places } = space;
  const starts = new Int32Array(to - from);
  const ends = new Int32Array(to - from);
  let at = byte;
  for (let index = from; index < to; index += 1) {
    starts[index - from] = at;
    const end = index + 1 < count ? places[index + 1]! : symbols;
    for (let symbol = places[index]!; symbol < end; symbol += 1) at += lengths[symbol]!;
    ends[index - from] = at;
  }
  return { ids: ids.slice(from, to), starts, ends };
}
