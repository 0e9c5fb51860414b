import { incompleteTail } from '../bytes/incomplete-tail';
import { utf8Decode, utf8DecodeStrict, utf8Encode } from '../bytes/utf8';
import { createPrefixIndex } from '../gfd/prefix-index';
import type { TextTokenizer } from '../tokenizer/text-tokenizer';
import { type CoverTokenizer, joinTokens, type TokenTest } from './cover-tokenizer';
import { completions } from './next-bytes';

/**
 * White space is cut by what comes behind it: letters and signs that hardly any vocabulary joins with a space, digits,
 * more space, and lines, which pre-tokenizers take together with the space in front of them.
 */
const behindSpace = ['ᚠ', 'ꀀ', '𐎀', '⸻', '𝄞', '1', 'a', '.', ' ᚠ', '\t', '\u3000'].concat([
  '\n',
  '\n\n',
  ' \n',
  '  \n',
  '\t\n',
  '\r\n',
  ' \n\n',
  '\n \n',
]);

export interface ByteLevelCoverOptions {
  /** What stands in front of every text. Default: nothing. */
  readonly begin?: readonly number[];
}

/**
 * A tokenizer whose tokens are bytes of the text as it is (rank files, byte-level `tokenizer.json` files) for byte-level
 * probabilities. What the tokenizer gives for a text counts as possible, and nothing else; of tokens that end inside a
 * character it is enough that some character completes them. Words start anew at a space behind what is none, unless
 * the tokenizer joins words.
 *
 * Symbols 256 and up are its special tokens, by id.
 */
export function byteLevelCovers(tokenizer: TextTokenizer, options: ByteLevelCoverOptions = {}): CoverTokenizer {
  const specials: number[] = [];
  const tokens = Array.from({ length: tokenizer.info.vocabularySize }, (_, id) => {
    if (tokenizer.idToToken(id) === undefined) return new Uint8Array(0);
    const isText = tokenizer.decode([id], { skipSpecials: true }) !== '';
    if (!isText) specials.push(id);
    return isText ? tokenizer.decodeBytes([id]) : new Uint8Array(0);
  });
  const special = new Set(specials);
  const index = createPrefixIndex(tokens);
  const encode = (text: string) => tokenizer.encode(text, { specials: 'ordinary', addSpecialTokens: false }).ids;
  const divides = startsAnew(encode);
  const isEncoding = (ids: readonly number[]): boolean => {
    const bytes = joinTokens({ index }, ids);
    const open = incompleteTail(bytes);
    const text = utf8DecodeStrict(bytes.subarray(0, bytes.length - open));
    if (text === undefined) return false;
    const isBeginning = (behind: string) => {
      const found = encode(text + behind);
      return found.length > ids.length && isSame(found.subarray(0, ids.length), ids);
    };
    if (open > 0)
      return completions(bytes.subarray(bytes.length - open))
        .map(utf8Decode)
        .some(isBeginning);
    return isSame(encode(text), ids) || (/[\s\u0085]$/u.test(text) && behindSpace.some(isBeginning));
  };
  const byteIds = new Int32Array(256).fill(-1);
  for (const [id, bytes] of tokens.entries()) if (bytes.length === 1) byteIds[bytes[0]!] = id;
  return {
    index,
    byteIds,
    specials,
    begin: options.begin ?? [],
    bytesOf: utf8Encode,
    divide(text) {
      const at = divides ? lastWord(text) : 0;
      return at > 0 ? [...encode(text.slice(0, at))] : [];
    },
    follow(ids): TokenTest {
      const word = divides ? ids.slice(wordStart(index.tokens, ids)) : ids;
      const open = incompleteTail(joinTokens({ index }, word));
      return (id) => (tokens[id]!.length === 0 ? open === 0 && special.has(id) : isEncoding([...word, id]));
    },
  };
}

/** True where a tokenizer gives words behind a space the same tokens wherever they stand. */
function startsAnew(encode: (text: string) => Int32Array): boolean {
  const words = ['one', ' of the', ' 12', ' .', ' é'];
  return isSame(
    encode(words.join('')),
    words.flatMap((word) => [...encode(word)]),
  );
}

function lastWord(text: string): number {
  for (let at = text.length - 1; at > 0; at -= 1) if (text[at] === ' ' && !/\s/u.test(text[at - 1]!)) return at;
  return 0;
}

function wordStart(tokens: readonly Uint8Array[], ids: readonly number[]): number {
  for (let at = ids.length - 1; at > 0; at -= 1) {
    if (tokens[ids[at]!]![0] === 0x20 && !isSpaceByte(tokens[ids[at - 1]!]!.at(-1))) return at;
  }
  return 0;
}

/** Every byte that a white space character may end with counts, so that some words are longer than they need be. */
const isSpaceByte = (byte: number | undefined): boolean =>
  byte === undefined || byte <= 0x20 || (byte >= 0x80 && byte <= 0xaf);

function isSame(left: ArrayLike<number>, right: ArrayLike<number>): boolean {
  if (left.length !== right.length) return false;
  for (let at = 0; at < left.length; at += 1) if (left[at] !== right[at]) return false;
  return true;
}
