import type { AllowedTokens } from '../bpe/special-tokens';
import { isRustWord } from '../regex/word';
import { isWhiteSpace } from '../tables/white-space';
import { createUnitTrie, trieStep, type UnitTrie } from '../trie/unit-trie';
import { alignText } from './aligned-text';
import { field, type JsonPlace, readBoolean, readCount, readString } from './json-reader';
import type { Normalizer } from './normalizers/normalizer';

/** A token that is found in the text before the model sees it. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** Not inside a word. */
  readonly singleWord: boolean;
  /** Takes the white space before it. */
  readonly leftStrip: boolean;
  /** Takes the white space behind it. */
  readonly rightStrip: boolean;
  /** Found in the normalized text. */
  readonly normalized: boolean;
  /** Left out by `skipSpecials`, and ordinary text where special tokens are. */
  readonly special: boolean;
}

/** A stretch of text, and the added token that it is; -1: none. */
export interface AddedMatch {
  readonly start: number;
  readonly end: number;
  readonly id: number;
}

/** Finds added tokens: always the leftmost, of those that begin there the longest. */
export interface AddedTokenFinder {
  /** @param allowed - The special tokens that are not ordinary text; others always count. */
  split(text: string, allowed: AllowedTokens): readonly AddedMatch[];
}

export function readAddedToken(place: JsonPlace): AddedToken {
  const special = readBoolean(field(place, 'special'), false);
  return {
    id: readCount(field(place, 'id')),
    content: readString(field(place, 'content')),
    singleWord: readBoolean(field(place, 'single_word'), false),
    leftStrip: readBoolean(field(place, 'lstrip'), false),
    rightStrip: readBoolean(field(place, 'rstrip'), false),
    normalized: readBoolean(field(place, 'normalized'), !special),
    special,
  };
}

/**
 * @param normalizer - Applied to the contents first, for tokens that are looked for in normalized text.
 */
export function createAddedTokenFinder(tokens: readonly AddedToken[], normalizer?: Normalizer): AddedTokenFinder {
  const entries = tokens
    .map((token, index) => [contentOf(token, normalizer), index] as const)
    .filter(([content]) => content !== '');
  if (entries.length === 0) return { split: (text) => [{ start: 0, end: text.length, id: -1 }] };
  const trie = createUnitTrie(entries);
  const starters = new Set(entries.map(([content]) => content.charCodeAt(0)));
  const isWord = isRustWord();
  return {
    split: (text, allowed) => splitAt({ trie, starters, tokens, isWord }, text, allowed),
  };
}

const contentOf = ({ content }: AddedToken, normalizer: Normalizer | undefined): string =>
  normalizer ? normalizer(alignText(content, 0, false)).text : content;

interface FinderState {
  readonly trie: UnitTrie;
  readonly starters: ReadonlySet<number>;
  readonly tokens: readonly AddedToken[];
  readonly isWord: (codePoint: number) => boolean;
}

function splitAt(state: FinderState, text: string, allowed: AllowedTokens): AddedMatch[] {
  const matches: AddedMatch[] = [];
  let covered = 0;
  for (let at = nextStart(state, text, 0); at < text.length;) {
    const found = longestAt(state.trie, text, at);
    if (!found) {
      at = nextStart(state, text, at + 1);
      continue;
    }
    const token = state.tokens[found.value]!;
    const after = found.end;
    const isText = token.special && !allowed.has(token.content);
    if (!isText && !(token.singleWord && isInWord(state, text, at, after))) {
      const start = token.leftStrip ? Math.max(spaceStart(text, at), covered) : at;
      const end = token.rightStrip ? spaceEnd(text, after) : after;
      if (covered < start) matches.push({ start: covered, end: start, id: -1 });
      matches.push({ start, end, id: token.id });
      covered = end;
    }
    at = nextStart(state, text, after);
  }
  if (covered < text.length) matches.push({ start: covered, end: text.length, id: -1 });
  return matches;
}

function nextStart({ starters }: FinderState, text: string, from: number): number {
  if (starters.size === 1) {
    for (const unit of starters) {
      const at = text.indexOf(String.fromCharCode(unit), from);
      return at < 0 ? text.length : at;
    }
  }
  let at = from;
  while (at < text.length && !starters.has(text.charCodeAt(at))) at += 1;
  return at;
}

function longestAt(
  trie: UnitTrie,
  text: string,
  start: number,
): { readonly value: number; readonly end: number } | undefined {
  let value = -1;
  let end = start;
  for (let at = start, node = 0; at < text.length; at += 1) {
    node = trieStep(trie, node, text.charCodeAt(at));
    if (node < 0) break;
    if (trie.values[node]! >= 0) {
      value = trie.values[node]!;
      end = at + 1;
    }
  }
  return value < 0 ? undefined : { value, end };
}

function isInWord({ isWord }: FinderState, text: string, start: number, end: number): boolean {
  const before = start === 0 ? undefined : codePointBefore(text, start);
  const after = text.codePointAt(end);
  return (before !== undefined && isWord(before)) || (after !== undefined && isWord(after));
}

function codePointBefore(text: string, at: number): number {
  const pair = at > 1 ? text.codePointAt(at - 2)! : 0;
  return pair > 0xffff ? pair : text.charCodeAt(at - 1);
}

function spaceStart(text: string, at: number): number {
  let start = at;
  while (start > 0 && isWhiteSpace(text.charCodeAt(start - 1))) start -= 1;
  return start;
}

function spaceEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && isWhiteSpace(text.charCodeAt(end))) end += 1;
  return end;
}
