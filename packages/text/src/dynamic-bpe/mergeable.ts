import { readByteCharacters } from '../bytes/byte-alphabet';
import { utf8DecodeStrict } from '../bytes/utf8';
import { createGpt2Scanner } from '../scanner/gpt2';
import type { Scanner } from '../scanner/scanner';
import { isWhiteSpace } from '../tables/white-space';

/**
 * What merges may not cross.
 *
 * - `pretokens`: the joined text has to be one piece of the pre-tokenizer.
 * - `word`: one word between white space, without special tokens.
 * - `word_hyphen`: as `word`, and of punctuation only `-` may follow a token that is none.
 * - `sentence`: only special tokens.
 */
export type MergeBoundary = 'pretokens' | 'word' | 'word_hyphen' | 'sentence';

export interface MergeRules {
  /** Default `pretokens`. */
  readonly boundary?: MergeBoundary;
  /** Tokens that `word`, `word_hyphen` and `sentence` never merge. Default `<s> </s> <unk> <pad> <mask>`. */
  readonly specialTokens?: ReadonlySet<string>;
  /** Tokens that count as punctuation, see {@link punctuationTokens}. Default: none. */
  readonly punctuation?: ReadonlySet<string>;
  /** For `pretokens`: whether the pre-tokenizer leaves a text in one piece. Default: the GPT-2 pattern. */
  readonly isOnePiece?: (text: string) => boolean;
}

export const defaultSpecialTokens: ReadonlySet<string> = new Set(['<s>', '</s>', '<unk>', '<pad>', '<mask>']);

const spaces = new Set('\u0120\u0109\u010a');

/**
 * Whether two tokens in the byte alphabet may become one (`is_valid_pair` of the official code). Spaces, tabs and line
 * feeds only begin a token, unless it is nothing else; two line feeds never merge. Bytes that are no valid UTF-8 yet may
 * merge whatever the boundary, except that of sentences. Tokens with characters outside of the byte alphabet never
 * merge.
 */
export function createMergeTest(rules: MergeRules = {}): (left: string, right: string) => boolean {
  const { boundary = 'pretokens', specialTokens = defaultSpecialTokens, punctuation = new Set<string>() } = rules;
  const isOnePiece = rules.isOnePiece ?? gpt2OnePiece();
  return (left, right) => {
    const joined = left + right;
    if (!spacesFit(joined)) return false;
    const hasSpecial = specialTokens.has(left) || specialTokens.has(right);
    if (boundary === 'sentence') return !hasSpecial;
    const bytes = readByteCharacters(joined);
    if (!bytes) return false;
    const text = utf8DecodeStrict(bytes);
    if (text === undefined) return true;
    if (boundary === 'pretokens') return isOnePiece(text);
    if (hasSpecial || wordCount(text) !== 1) return false;
    const endsWord = boundary === 'word_hyphen' && !punctuation.has(left) && punctuation.has(right);
    return !endsWord || right === '-';
  };
}

function spacesFit(joined: string): boolean {
  const characters = [...joined];
  if (!characters.slice(1).some((character) => spaces.has(character))) return true;
  return joined !== '\u010a\u010a' && characters.every((character) => spaces.has(character));
}

let gpt2Scanner: Scanner | undefined;

function gpt2OnePiece(): (text: string) => boolean {
  const scan = (gpt2Scanner ??= createGpt2Scanner());
  return (text) => {
    const units = Uint16Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
    return units.length > 0 && scan(units, 0, units.length) === units.length;
  };
}

/** Words between white space, as Unicode defines it. */
function wordCount(text: string): number {
  let count = 0;
  let inWord = false;
  for (const character of text) {
    const isSpace = isWhiteSpace(character.codePointAt(0)!);
    if (!isSpace && !inWord) count += 1;
    inWord = !isSpace;
  }
  return count;
}

const punctuationCharacter = /[.,!?;:()\-"'\\/`$%&*+<=>@[\]^_{|}~]/;
const digit = /[\p{Nd}\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089]/u;

/** Tokens of a vocabulary that count as punctuation: with a punctuation character of ASCII (`#` is none) and no digit. */
export function punctuationTokens(vocabulary: Iterable<string>): Set<string> {
  const found = new Set<string>();
  for (const token of vocabulary) if (punctuationCharacter.test(token) && !digit.test(token)) found.add(token);
  return found;
}
