import { writeUtf16 } from '../bytes/utf8';
import type { TokenBytes } from './token-bytes';

/**
 * Texts of pieces and what they encode to: the tokens of the vocabulary that are whole texts, and results kept from
 * before. Open addressing over `[hash, start of the text, its length, value]`; length 0 is an empty slot.
 */
export interface PieceTable {
  slots: Int32Array;
  text: Uint16Array;
  textEnd: number;
  /** Results of several tokens: how many, then their ids. */
  results: Int32Array;
  resultsEnd: number;
  entries: number;
  /** Entries, units of text and results that belong to the vocabulary and stay. */
  readonly kept: { entries: number; textEnd: number };
  readonly entryLimit: number;
}

const smallestCache = 1 << 16;
const resultLimit = 1 << 20;
const textLimit = 1 << 20;
/** Longer pieces are rare and seldom come again. */
const longestPiece = 64;

/**
 * @param tokens - Vocabulary whose tokens are found as whole pieces; undefined: none are.
 */
export function createPieceTable(tokens?: TokenBytes): PieceTable {
  const count = tokens ? tokens.starts.length - 1 : 0;
  let size = 1 << 15;
  while (size * 0.7 < count + smallestCache) size *= 2;
  const table: PieceTable = {
    slots: new Int32Array(size * 4),
    text: new Uint16Array(tokens ? tokens.bytes.length + (1 << 16) : 1 << 16),
    textEnd: 0,
    results: new Int32Array(1 << 14),
    resultsEnd: 0,
    entries: 0,
    kept: { entries: 0, textEnd: 0 },
    entryLimit: Math.floor(size * 0.7),
  };
  if (tokens) addVocabulary(table, tokens);
  return table;
}

function addVocabulary(table: PieceTable, { bytes, starts }: TokenBytes): void {
  for (let id = 0; id + 1 < starts.length; id += 1) {
    const start = table.textEnd;
    const length = writeUtf16(bytes, starts[id]!, starts[id + 1]!, table.text, start);
    if (length <= 0) continue;
    const hash = hashUnits(table.text, start, start + length);
    // Of two ids with the same bytes the first counts.
    if (findPiece(table, hash, table.text, start, start + length) >= 0) continue;
    table.textEnd += length;
    insert(table, hash, start, length, id);
  }
  table.kept.entries = table.entries;
  table.kept.textEnd = table.textEnd;
}

/** Hash of UTF-16 units. */
export function hashUnits(units: Uint16Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let index = start; index < end; index += 1) hash = Math.imul(hash ^ units[index]!, 0x01000193);
  return hash ^ (hash >>> 15);
}

/** Index in `slots` of the piece `units[start .. end]`, or -1. */
export function findPiece(table: PieceTable, hash: number, units: Uint16Array, start: number, end: number): number {
  const { slots, text } = table;
  const mask = slots.length - 4;
  const length = end - start;
  for (let at = (hash << 2) & mask; ; at = (at + 4) & mask) {
    const found = slots[at + 2]!;
    if (found === 0) return -1;
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
 * @returns The value as {@link pieceTokens} reads it: an id, or `~` of an offset into `results`. Of a piece that was
 * not kept it holds until the next call only.
 */
export function keepPiece(
  table: PieceTable,
  hash: number,
  units: Uint16Array,
  start: number,
  end: number,
  ids: Int32Array,
  count: number,
): number {
  const length = end - start;
  if (
    table.entries >= table.entryLimit ||
    table.resultsEnd > resultLimit ||
    table.textEnd - table.kept.textEnd > textLimit
  ) {
    forgetPieces(table);
  }
  let value = ids[0]!;
  if (count !== 1) {
    reserveResults(table, count + 1);
    value = ~table.resultsEnd;
    table.results[table.resultsEnd] = count;
    for (let index = 0; index < count; index += 1) table.results[table.resultsEnd + 1 + index] = ids[index]!;
  }
  if (length > longestPiece) return value;
  if (count !== 1) table.resultsEnd += count + 1;
  if (table.textEnd + length > table.text.length) {
    const larger = new Uint16Array(table.text.length * 2);
    larger.set(table.text);
    table.text = larger;
  }
  table.text.set(units.subarray(start, end), table.textEnd);
  insert(table, hash, table.textEnd, length, value);
  table.textEnd += length;
  return value;
}

function insert(table: PieceTable, hash: number, start: number, length: number, value: number): void {
  const { slots } = table;
  const mask = slots.length - 4;
  let at = (hash << 2) & mask;
  while (slots[at + 2] !== 0) at = (at + 4) & mask;
  slots[at] = hash;
  slots[at + 1] = start;
  slots[at + 2] = length;
  slots[at + 3] = value;
  table.entries += 1;
}

function reserveResults(table: PieceTable, more: number): void {
  if (table.resultsEnd + more <= table.results.length) return;
  const larger = new Int32Array(Math.max(table.results.length * 2, table.resultsEnd + more));
  larger.set(table.results);
  table.results = larger;
}

/** Drops everything but the vocabulary. */
function forgetPieces(table: PieceTable): void {
  const old = table.slots;
  table.slots = new Int32Array(old.length);
  table.entries = 0;
  for (let at = 0; at < old.length; at += 4) {
    if (old[at + 2] !== 0 && old[at + 1]! < table.kept.textEnd) {
      insert(table, old[at]!, old[at + 1]!, old[at + 2]!, old[at + 3]!);
    }
  }
  table.textEnd = table.kept.textEnd;
  table.resultsEnd = 0;
}
