import { readByteToken } from '../bytes/byte-alphabet';
import { codePointAt, unitsOf } from '../scanner/scanner';
import { createPairTable, findPair, type PairTable, setPair } from './pair-table';

/** Where merges can join two characters: a word may be cut everywhere else. */
export interface Junctions {
  /** Last and first characters of the halves of all merges. */
  readonly pairs: PairTable;
  /** 1 for characters that are tokens. */
  readonly isToken: Uint8Array;
  /** False: a character that is no token is dropped, so that those around it become neighbors. */
  readonly keepsUnknown: boolean;
  /** What is known of the characters of one unit that came first. */
  readonly seen: SeenPairs;
}

/** Whether words may be cut between two characters, for those that came first: most of an alphabet. */
interface SeenPairs {
  /** Number of a unit, 1 to 255; 0: it has none. */
  readonly numbers: Uint8Array;
  /** How many have one. */
  count: number;
  /** Of the numbers of two characters: 0 while nobody asked, then one of `cut` and `whole`. */
  readonly states: Uint8Array;
}

const mostSeen = 255;
const cut = 1;
const whole = 2;

const createSeenPairs = (): SeenPairs => ({
  numbers: new Uint8Array(0x10000),
  count: 0,
  states: new Uint8Array((mostSeen + 1) << 8),
});

/**
 * @param unknownId - Of the model, if it has one.
 * @returns Undefined where merges join tokens that do not stand for their own text.
 */
export function createJunctions(
  vocabulary: ReadonlyMap<string, number>,
  merges: PairTable,
  unknownId: number | undefined,
): Junctions | undefined {
  const tokens: string[] = [];
  const isToken = new Uint8Array(0x110000);
  for (const [token, id] of vocabulary) {
    tokens[id] = token;
    const codePoint = token.codePointAt(0);
    if (codePoint !== undefined && token.length === (codePoint > 0xffff ? 2 : 1)) isToken[codePoint] = 1;
  }
  const pairs = createPairTable(1 << 12);
  const { slots } = merges;
  for (let at = 0; at < slots.length; at += 4) {
    if (slots[at] === -1) continue;
    const [left, right] = [tokens[slots[at]!]!, tokens[slots[at + 1]!]!];
    if (slots[at] === unknownId || slots[at + 1] === unknownId || isByte(left) || isByte(right)) return undefined;
    setPair(pairs, lastCodePoint(left), right.codePointAt(0)!, 0, 0);
  }
  return { pairs, isToken, keepsUnknown: unknownId !== undefined, seen: createSeenPairs() };
}

const known = new WeakMap<PairTable, Junctions | undefined>();

/** {@link createJunctions}, once for all who have the same merges. */
export function junctionsOf(
  vocabulary: ReadonlyMap<string, number>,
  merges: PairTable,
  unknownId: number | undefined,
): Junctions | undefined {
  if (!known.has(merges)) known.set(merges, createJunctions(vocabulary, merges, unknownId));
  return known.get(merges);
}

/** What {@link junctionsOf} gave for these merges before. */
export const knownJunctions = (merges: PairTable): Junctions | undefined => known.get(merges);

const isByte = (token: string): boolean => readByteToken(token) >= 0;

function lastCodePoint(text: string): number {
  const pair = text.length > 1 ? text.codePointAt(text.length - 2)! : 0;
  return pair > 0xffff ? pair : text.charCodeAt(text.length - 1);
}

/**
 * End of the stretch that begins at `start`: no merge crosses it, and the character behind it is a token, so that
 * nothing unknown waits to be joined.
 */
export function stretchEnd(junctions: Junctions, word: string, start: number): number {
  let before = word.codePointAt(start)!;
  let at = start + (before > 0xffff ? 2 : 1);
  while (at < word.length) {
    const codePoint = word.codePointAt(at)!;
    if (isCut(junctions, before, codePoint)) return at;
    before = codePoint;
    at += codePoint > 0xffff ? 2 : 1;
  }
  return at;
}

/** The first place in `start..limit` where a stretch may end, or -1; the word begins before `start`. */
export function nextJunction(junctions: Junctions, word: string, start: number, limit: number): number {
  // Not inside a pair of surrogates.
  let at = word.codePointAt(start - 1)! > 0xffff ? start + 1 : start;
  let before = lastCodePoint(word.slice(Math.max(0, at - 2), at));
  while (at < limit) {
    const codePoint = word.codePointAt(at)!;
    if (isCut(junctions, before, codePoint)) return at;
    before = codePoint;
    at += codePoint > 0xffff ? 2 : 1;
  }
  return -1;
}

/** {@link stretchEnd} in UTF-16 units without lone surrogates. */
export function unitStretchEnd(junctions: Junctions, units: Uint16Array, start: number, limit: number): number {
  const { numbers, states } = junctions.seen;
  let before = codePointAt(units, start, limit);
  let at = start + unitsOf(before);
  let number = before > 0xffff ? 0 : numbers[before]!;
  while (at < limit) {
    const unit = units[at]!;
    const next = numbers[unit]!;
    const state = states[(number << 8) | next]!;
    if (state === cut) return at;
    // Number 0 has no states.
    if (state === whole) {
      before = unit;
      at += 1;
    } else {
      const codePoint = codePointAt(units, at, limit);
      if (isCut(junctions, before, codePoint)) return at;
      before = codePoint;
      at += unitsOf(codePoint);
    }
    number = next;
  }
  return at;
}

function isCut(junctions: Junctions, before: number, after: number): boolean {
  const { seen } = junctions;
  const [left, right] = [seenNumber(seen, before), seenNumber(seen, after)];
  if (left === 0 || right === 0) return findCut(junctions, before, after);
  const place = (left << 8) | right;
  if (seen.states[place] === 0) seen.states[place] = findCut(junctions, before, after) ? cut : whole;
  return seen.states[place] === cut;
}

/** Number of a character, which it gets if there is one left; none for halves of pairs, and for what is longer. */
function seenNumber(seen: SeenPairs, codePoint: number): number {
  if (codePoint > 0xffff) return 0;
  const known = seen.numbers[codePoint]!;
  if (known > 0 || seen.count === mostSeen || (codePoint & 0xf800) === 0xd800) return known;
  seen.count += 1;
  seen.numbers[codePoint] = seen.count;
  return seen.count;
}

function findCut({ pairs, isToken, keepsUnknown }: Junctions, before: number, after: number): boolean {
  if (isToken[after] !== 1 || findPair(pairs, before, after) >= 0) return false;
  return keepsUnknown || isToken[before] === 1;
}
