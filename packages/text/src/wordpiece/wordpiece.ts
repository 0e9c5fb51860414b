import { InputError } from '@tesserae/core/data';
import { utf8TextLength, utf8Length } from '../bytes/utf8';
import type { WordModel, WordTokens } from '../pipeline/word-model';
import { createUnitTrie, trieNode, trieStep } from '../trie/unit-trie';

export interface WordPieceOptions {
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly unknownToken: string;
  /** Before pieces that do not begin a word. */
  readonly continuingPrefix: string;
  /** Longer words are unknown. */
  readonly maximumCharacters: number;
}

/** Greedy longest match from left to right; a word that does not work out is unknown as a whole (BERT). */
export function createWordPiece(options: WordPieceOptions): WordModel {
  const { vocabulary, unknownToken, continuingPrefix, maximumCharacters } = options;
  const trie = createUnitTrie([...vocabulary]);
  const continuing = trieNode(trie, continuingPrefix);
  const unknown = vocabulary.get(unknownToken);

  const unknownWord = (word: string): WordTokens => {
    if (unknown === undefined) {
      throw new InputError('text', `words of the vocabulary, which has no ${unknownToken}`, JSON.stringify(word));
    }
    return { ids: [unknown], starts: [0], ends: [utf8TextLength(word)] };
  };

  return {
    kind: 'wordpiece',
    vocabulary,
    encodeWord(word) {
      if (word.length > maximumCharacters && [...word].length > maximumCharacters) return unknownWord(word);
      const ids: number[] = [];
      const starts: number[] = [];
      const ends: number[] = [];
      let bytes = 0;
      for (let start = 0; start < word.length;) {
        let node = start === 0 ? 0 : continuing;
        let byte = bytes;
        let id = -1;
        let end = start;
        for (let at = start; node >= 0 && at < word.length;) {
          const codePoint = word.codePointAt(at)!;
          node = trieStep(trie, node, word.charCodeAt(at));
          if (codePoint > 0xffff && node >= 0) node = trieStep(trie, node, word.charCodeAt(at + 1));
          at += codePoint > 0xffff ? 2 : 1;
          byte += utf8Length(codePoint);
          if (node >= 0 && trie.values[node]! >= 0) {
            id = trie.values[node]!;
            end = at;
            starts[ids.length] = bytes;
            ends[ids.length] = byte;
          }
        }
        if (id < 0) return unknownWord(word);
        bytes = ends[ids.length]!;
        ids.push(id);
        start = end;
      }
      return { ids, starts, ends };
    },
  };
}
