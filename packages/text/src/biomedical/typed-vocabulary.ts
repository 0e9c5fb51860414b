import { InputError } from '@tesserae/core/data';

/** Pieces of the terms of one semantic type: drugs, diseases, …. */
export interface TypedVocabulary {
  readonly type: string;
  /** How often every piece occurs in such terms; pieces within a word begin with the continuation. */
  readonly pieces: ReadonlyMap<string, number>;
}

export interface TypedTokenizerOptions {
  readonly vocabularies: readonly TypedVocabulary[];
  /** Pieces of a word by the tokenizer of the language model. */
  readonly base: (word: string) => readonly string[];
  /** What stands before pieces that do not begin a word. Default `##`. */
  readonly continuation?: string;
}

/** A word in pieces. */
export interface TypedWord {
  readonly word: string;
  readonly pieces: readonly string[];
  /** Type whose vocabulary cut it; undefined for the tokenizer of the language model. */
  readonly type: string | undefined;
}

/** Cuts the words of sentences by the vocabularies of their types. */
export interface TypedTokenizer {
  /** @param words - Of one sentence. */
  encode(words: readonly string[]): TypedWord[];
}

interface Cut {
  readonly bits: number;
  readonly pieces: readonly string[];
}

/**
 * Cuts every word by the vocabulary that needs the fewest bits for it, and keeps these pieces where a sentence has fewer of
 * them than the tokenizer of the language model makes. Experimental: our reading of K-Tokeniser (arXiv 2406.14312), of
 * which no code is published. Rows for new pieces: `initializeRows` with the mean of their base pieces.
 *
 * @throws {InputError} Counts that are no positive numbers.
 */
export function typedTokenizer(options: TypedTokenizerOptions): TypedTokenizer {
  const { vocabularies, base, continuation = '##' } = options;
  const cutters = vocabularies.map(({ type, pieces }) => ({ type, cut: cutter(type, pieces, continuation) }));
  return {
    encode(words) {
      const plain = words.map((word): TypedWord => ({ word, pieces: base(word), type: undefined }));
      const typed = plain.map((own) => {
        let best: (Cut & { readonly type: string }) | undefined;
        for (const { type, cut } of cutters) {
          const found = cut(own.word);
          if (found && (!best || found.bits < best.bits)) best = { ...found, type };
        }
        return best ? { word: own.word, pieces: best.pieces, type: best.type } : own;
      });
      return countPieces(typed) < countPieces(plain) ? typed : plain;
    },
  };
}

const countPieces = (words: readonly TypedWord[]): number => words.reduce((sum, { pieces }) => sum + pieces.length, 0);

/** The cheapest way to spell a word: a piece costs `-log2` of its share of the vocabulary. */
function cutter(
  type: string,
  pieces: ReadonlyMap<string, number>,
  continuation: string,
): (word: string) => Cut | undefined {
  let [total, longest] = [0, 0];
  for (const [piece, count] of pieces) {
    if (!(count > 0 && count < Infinity)) {
      throw new InputError(`vocabulary ${type}`, 'positive counts', `${count} of ${JSON.stringify(piece)}`);
    }
    total += count;
    longest = Math.max(longest, [...piece].length);
  }
  return (word) => {
    const characters = [...word];
    const ways: ({ readonly bits: number; readonly start: number; readonly piece: string } | undefined)[] = [];
    for (let end = 1; end <= characters.length; end += 1) {
      for (let start = Math.max(0, end - longest); start < end; start += 1) {
        const before = start === 0 ? 0 : ways[start]?.bits;
        const piece = (start === 0 ? '' : continuation) + characters.slice(start, end).join('');
        const count = pieces.get(piece);
        if (before === undefined || count === undefined) continue;
        const bits = before - Math.log2(count / total);
        if (bits < (ways[end]?.bits ?? Infinity)) ways[end] = { bits, start, piece };
      }
    }
    const last = ways[characters.length];
    if (!last) return undefined;
    const spelled: string[] = [];
    for (let at = characters.length; at > 0; at = ways[at]!.start) spelled.push(ways[at]!.piece);
    return { bits: last.bits, pieces: spelled.toReversed() };
  };
}
