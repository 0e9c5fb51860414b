import type { AllowedTokens } from '../bpe/special-tokens';
import { isRustWord } from '../regex/word';
import { isWhiteSpace } from '../tables/white-space';
import { advanceInSteps, type Steps } from '../tokenizer/steps';
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
  /** The same in steps. */
  splitSteps(text: string, allowed: AllowedTokens): Steps<readonly AddedMatch[]>;
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
  if (entries.length === 0) {
    const split = (text: string) => [{ start: 0, end: text.length, id: -1 }];
    return {
      split,
      *splitSteps(text) {
        yield;
        return split(text);
      },
    };
  }
  const trie = createUnitTrie(entries);
  const starters = startersOf(entries.map(([content]) => content.charCodeAt(0)));
  const isWord = isRustWord();
  const state = { trie, starters, tokens, isWord };
  return {
    split(text, allowed) {
      const matches: AddedMatch[] = [];
      addedScan(state, text, allowed, matches)(text.length);
      return matches;
    },
    *splitSteps(text, allowed) {
      const matches: AddedMatch[] = [];
      yield* advanceInSteps(addedScan(state, text, allowed, matches));
      return matches;
    },
  };
}

const contentOf = ({ content }: AddedToken, normalizer: Normalizer | undefined): string =>
  normalizer ? normalizer(alignText(content, 0, false)).text : content;

interface FinderState {
  readonly trie: UnitTrie;
  readonly starters: Starters;
  readonly tokens: readonly AddedToken[];
  readonly isWord: (codePoint: number) => boolean;
}

/** Goes on to a place, or to the end of the token there; true at the end of the text. */
function addedScan(
  state: FinderState,
  text: string,
  allowed: AllowedTokens,
  matches: AddedMatch[],
): (until: number) => boolean {
  let covered = 0;
  let at = 0;
  const take = (after: number, token: AddedToken) => {
    const isText = token.special && !allowed.has(token.content);
    if (isText || (token.singleWord && isInWord(state, text, at, after))) return;
    const start = token.leftStrip ? Math.max(spaceStart(text, at), covered) : at;
    const end = token.rightStrip ? spaceEnd(text, after) : after;
    if (covered < start) matches.push({ start: covered, end: start, id: -1 });
    matches.push({ start, end, id: token.id });
    covered = end;
  };
  return (until) => {
    const limit = Math.min(until, text.length);
    for (at = nextStart(state, text, at, limit); at < limit; at = nextStart(state, text, at, limit)) {
      const found = longestAt(state.trie, text, at);
      if (found) take(found.end, state.tokens[found.value]!);
      at = found ? found.end : at + 1;
    }
    if (at < text.length) return false;
    if (covered < text.length) matches.push({ start: covered, end: text.length, id: -1 });
    covered = text.length;
    return true;
  };
}

/** Units that tokens begin with. */
interface Starters {
  /** 1 for each of them. */
  readonly flags: Uint8Array;
  /** The unit, where there is one only. */
  readonly only: string | undefined;
}

function startersOf(units: readonly number[]): Starters {
  const flags = new Uint8Array(1 << 16);
  for (const unit of units) flags[unit] = 1;
  const isOne = units.every((unit) => unit === units[0]);
  return { flags, only: isOne ? String.fromCharCode(units[0]!) : undefined };
}

/** The next place where a token may begin, or one from `limit` on if there is none before. */
function nextStart({ starters: { flags, only } }: FinderState, text: string, from: number, limit: number): number {
  if (only !== undefined) {
    const found = text.indexOf(only, from);
    return found < 0 ? text.length : found;
  }
  let at = from;
  while (at < limit && flags[text.charCodeAt(at)] === 0) at += 1;
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
