import { writeUtf16 } from '../bytes/utf8';
import type { TokenBytes } from './token-bytes';
import { createTextWindow, reserveWindow, type TextWindow, unitPair } from './windows';

/**
 * Texts of pieces and what they encode to: the tokens of the vocabulary that are whole texts, and results kept from
 * before.
 *
 * Open addressing over slots of 8 integers: 5 with the text, then its length in UTF-16 units (0: the slot is empty) and
 * the value. The text of up to 10 units is in the slot itself, so that one line of the processor's cache answers; of a
 * longer one the slot has the hash and where it is in `text`.
 */
export interface PieceTable {
  slots: Int32Array;
  text: Uint16Array;
  textEnd: number;
  /** Results of several tokens: how many, then their ids. */
  results: Int32Array;
  resultsEnd: number;
  entries: number;
  /** Of the vocabulary, which stays. */
  readonly kept: { entries: number; textEnd: number };
}

const slotWords = 5;
const slotSize = 8;
const lengthAt = 5;
/** Place of the value in a slot. */
export const valueAt = 6;
/** Tokens of the vocabulary are marked, so that they are told from what is forgotten. */
const keptAt = 7;
/** Longest text that a slot holds. */
const slotUnits = slotWords * 2;
/** Longest text of which only two words have to be looked at. */
const shortUnits = 4;

/** Slots at most: 16 MB, unless the vocabulary alone needs more. */
const largestSize = 1 << 19;
const fullness = 0.6;
const resultLimit = 1 << 20;
const textLimit = 1 << 20;
/** Longer pieces are rare and seldom come again. */
const longestPiece = 64;

/** What remains of each word of a slot for a text of some length. */
const wordMasks: Int32Array = Int32Array.from({ length: (slotUnits + 1) * slotWords }, (_, index) => {
  const length = Math.floor(index / slotWords);
  const left = length - (index % slotWords) * 2;
  return left <= 0 ? 0 : left === 1 ? 0xffff : -1;
});

/**
 * @param tokens - Tokens that are found as whole pieces from the beginning.
 */
export function createPieceTable(tokens: TokenBytes): PieceTable {
  let size = 1 << 12;
  while (size * fullness < tokens.starts.length) size *= 2;
  const table: PieceTable = {
    slots: new Int32Array(size * slotSize),
    text: new Uint16Array(1 << 14),
    textEnd: 0,
    results: new Int32Array(1 << 14),
    resultsEnd: 0,
    entries: 0,
    kept: { entries: 0, textEnd: 0 },
  };
  addVocabulary(table, tokens);
  return table;
}

function addVocabulary(table: PieceTable, { bytes, starts }: TokenBytes): void {
  const window = createTextWindow(64);
  for (let id = 0; id + 1 < starts.length; id += 1) {
    reserveWindow(window, starts[id + 1]! - starts[id]!);
    const length = writeUtf16(bytes, starts[id]!, starts[id + 1]!, window.units, 0);
    if (length <= 0) continue;
    // Of two ids with the same bytes the first counts.
    const found = findPiece(table, window, 0, length);
    if (found < 0) insert(table, ~found, window, 0, length, id, 1);
  }
  table.kept.entries = table.entries;
  table.kept.textEnd = table.textEnd;
}

/**
 * Index in `slots` of the piece `start..end` of a window, or `~` of the empty slot where it would go.
 */
export function findPiece(table: PieceTable, window: TextWindow, start: number, end: number): number {
  const length = end - start;
  if (length > slotUnits) return findLongPiece(table, window, start, end);
  const { slots } = table;
  const { view } = window;
  const masks = length * slotWords;
  const first = unitPair(view, start) & wordMasks[masks]!;
  const second = unitPair(view, start + 2) & wordMasks[masks + 1]!;
  if (length <= shortUnits) return findShortPiece(slots, first, second, length);
  const third = unitPair(view, start + 4) & wordMasks[masks + 2]!;
  const fourth = unitPair(view, start + 6) & wordMasks[masks + 3]!;
  const fifth = unitPair(view, start + 8) & wordMasks[masks + 4]!;
  const mask = slots.length - slotSize;
  let at = (hashWords(first, second, third, fourth, fifth) << 3) & mask;
  for (;;) {
    const found = slots[at + lengthAt]!;
    if (
      found === length &&
      slots[at] === first &&
      slots[at + 1] === second &&
      slots[at + 2] === third &&
      slots[at + 3] === fourth &&
      slots[at + 4] === fifth
    ) {
      return at;
    }
    if (found === 0) return ~at;
    at = (at + slotSize) & mask;
  }
}

/** The same of a text that two words hold: the others are 0. */
function findShortPiece(slots: Int32Array, first: number, second: number, length: number): number {
  const mask = slots.length - slotSize;
  let at = (mixHash(Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b)) << 3) & mask;
  for (;;) {
    const found = slots[at + lengthAt]!;
    if (found === length && slots[at] === first && slots[at + 1] === second) return at;
    if (found === 0) return ~at;
    at = (at + slotSize) & mask;
  }
}

function hashWords(first: number, second: number, third: number, fourth: number, fifth: number): number {
  let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b) ^ Math.imul(third, 0xc2b2ae35);
  hash ^= Math.imul(fourth, 0x27d4eb2f) ^ Math.imul(fifth, 0x165667b1);
  return mixHash(hash);
}

function mixHash(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return mixed ^ (mixed >>> 13);
}

function hashUnits(units: Uint16Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let index = start; index < end; index += 1) hash = Math.imul(hash ^ units[index]!, 0x01000193);
  return hash ^ (hash >>> 15);
}

function findLongPiece({ slots, text }: PieceTable, { units }: TextWindow, start: number, end: number): number {
  const length = end - start;
  const hash = hashUnits(units, start, end);
  const mask = slots.length - slotSize;
  for (let at = (hash << 3) & mask; ; at = (at + slotSize) & mask) {
    const found = slots[at + lengthAt]!;
    if (found === 0) return ~at;
    if (found !== length || slots[at] !== hash) continue;
    const first = slots[at + 1]!;
    let offset = 0;
    while (offset < length && text[first + offset] === units[start + offset]) offset += 1;
    if (offset === length) return at;
  }
}

/**
 * Keeps the tokens of a piece for the next time, unless it is long.
 *
 * @param slot - What {@link findPiece} gave: `~` of an empty slot.
 * @returns The value: an id, or `~` of an offset into `results`. Of a piece that was not kept it holds until the next
 * call only.
 */
export function keepPiece(
  table: PieceTable,
  slot: number,
  window: TextWindow,
  start: number,
  end: number,
  ids: Int32Array,
  count: number,
): number {
  const empty = makeRoom(table) ? ~findPiece(table, window, start, end) : ~slot;
  let value = ids[0]!;
  if (count !== 1) {
    reserveResults(table, count + 1);
    value = ~table.resultsEnd;
    table.results[table.resultsEnd] = count;
    for (let index = 0; index < count; index += 1) table.results[table.resultsEnd + 1 + index] = ids[index]!;
  }
  if (end - start > longestPiece) return value;
  if (count !== 1) table.resultsEnd += count + 1;
  insert(table, empty, window, start, end, value, 0);
  return value;
}

function insert(
  table: PieceTable,
  at: number,
  { units, view }: TextWindow,
  start: number,
  end: number,
  value: number,
  kept: number,
): void {
  const { slots } = table;
  const length = end - start;
  if (length <= slotUnits) {
    const masks = length * slotWords;
    for (let word = 0; word < slotWords; word += 1) {
      slots[at + word] = unitPair(view, start + word * 2) & wordMasks[masks + word]!;
    }
  } else {
    if (table.textEnd + length > table.text.length) {
      const larger = new Uint16Array(Math.max(table.text.length * 2, table.textEnd + length));
      larger.set(table.text);
      table.text = larger;
    }
    slots[at] = hashUnits(units, start, end);
    slots[at + 1] = table.textEnd;
    table.text.set(units.subarray(start, end), table.textEnd);
    table.textEnd += length;
  }
  slots[at + lengthAt] = length;
  slots[at + valueAt] = value;
  slots[at + keptAt] = kept;
  table.entries += 1;
}

function reserveResults(table: PieceTable, more: number): void {
  if (table.resultsEnd + more <= table.results.length) return;
  const larger = new Int32Array(Math.max(table.results.length * 2, table.resultsEnd + more));
  larger.set(table.results);
  table.results = larger;
}

/** Before an entry is added: more slots, or nothing but the vocabulary when there is too much. True where slots moved. */
function makeRoom(table: PieceTable): boolean {
  const size = table.slots.length / slotSize;
  const isFull = table.entries >= size * fullness;
  const isLargest = size >= largestSize && table.kept.entries * 2 < size * fullness;
  if (table.resultsEnd > resultLimit || table.textEnd - table.kept.textEnd > textLimit || (isFull && isLargest)) {
    forgetPieces(table);
    return true;
  }
  if (isFull) moveEntries(table, size * 2, false);
  return isFull;
}

/** Drops everything but the vocabulary. */
function forgetPieces(table: PieceTable): void {
  moveEntries(table, table.slots.length / slotSize, true);
  table.entries = table.kept.entries;
  table.textEnd = table.kept.textEnd;
  table.resultsEnd = 0;
}

function moveEntries(table: PieceTable, size: number, onlyKept: boolean): void {
  const old = table.slots;
  const slots = new Int32Array(size * slotSize);
  const mask = slots.length - slotSize;
  for (let from = 0; from < old.length; from += slotSize) {
    const length = old[from + lengthAt]!;
    if (length === 0 || (onlyKept && old[from + keptAt] === 0)) continue;
    const isLong = length > slotUnits;
    const hash = isLong
      ? old[from]!
      : hashWords(old[from]!, old[from + 1]!, old[from + 2]!, old[from + 3]!, old[from + 4]!);
    let at = (hash << 3) & mask;
    while (slots[at + lengthAt] !== 0) at = (at + slotSize) & mask;
    for (let word = 0; word < slotSize; word += 1) slots[at + word] = old[from + word]!;
  }
  table.slots = slots;
}
