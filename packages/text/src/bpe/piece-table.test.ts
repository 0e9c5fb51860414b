import { describe, expect, it } from 'vitest';
import { utf8Encode } from '../bytes/utf8';
import { createPieceTable, findPiece, keepPiece, type PieceTable, valueAt } from './piece-table';
import { joinTokenBytes } from './token-bytes';
import { copyUnits, createTextWindow } from './windows';

const window = createTextWindow();

function lookUp(table: PieceTable, text: string): number | undefined {
  copyUnits(window, `xx${text}yy`, 0, text.length + 4);
  const found = findPiece(table, window, 2, 2 + text.length);
  return found < 0 ? undefined : table.slots[found + valueAt];
}

function keep(table: PieceTable, text: string, ids: readonly number[]): number {
  copyUnits(window, text, 0, text.length);
  const slot = findPiece(table, window, 0, text.length);
  return keepPiece(table, slot, window, 0, text.length, Int32Array.from(ids), ids.length);
}

const tokens = [
  'a',
  'ab',
  'exactly 10',
  'eleven char',
  'größe',
  '漢字',
  '😀',
  'a\u0000',
  'a rather long token of the vocabulary',
];
const vocabulary = joinTokenBytes([...tokens.map(utf8Encode), Uint8Array.of(0xff), utf8Encode('ab')]);

describe('the piece table', () => {
  it('finds tokens by their text', () => {
    const table = createPieceTable(vocabulary);
    for (const [id, token] of tokens.entries()) expect(lookUp(table, token)).toBe(id);
    for (const text of ['b', 'abc', 'exactly 1', 'exactly 100', 'eleven chars', 'a\u0000\u0000', '\ud83d']) {
      expect(lookUp(table, text)).toBeUndefined();
    }
  });
  it('keeps results, grows, and forgets all but the vocabulary', () => {
    const table = createPieceTable(vocabulary);
    expect(keep(table, 'one', [7])).toBe(7);
    const two = keep(table, 'two', [7, 8]);
    expect([...table.results.subarray(~two, ~two + 3)]).toEqual([2, 7, 8]);
    const before = table.slots.length;
    for (let index = 0; index < 5000; index += 1) keep(table, `piece ${index} that is long`, [index]);
    expect(table.slots.length).toBeGreaterThan(before);
    for (let index = 0; index < 5000; index += 7) expect(lookUp(table, `piece ${index} that is long`)).toBe(index);
    expect(lookUp(table, 'two')).toBe(two);
    for (let index = 0; index < 60_000; index += 1) keep(table, `x${index}`.padEnd(30, '-'), [index]);
    expect(lookUp(table, 'two')).toBeUndefined();
    expect(lookUp(table, `x59999`.padEnd(30, '-'))).toBe(59_999);
    for (const [id, token] of tokens.entries()) expect(lookUp(table, token)).toBe(id);
  });
  it('keeps no long pieces', () => {
    const table = createPieceTable(vocabulary);
    const text = 'a'.repeat(65);
    const value = keep(table, text, [1, 2, 3]);
    expect([...table.results.subarray(~value, ~value + 4)]).toEqual([3, 1, 2, 3]);
    expect(lookUp(table, text)).toBeUndefined();
  });
});
