import { describe, expect, it } from 'vitest';
import { copyUnits, createTextWindow, fillWindow, unitPair } from './windows';

const phrase = 'Größe 漢字 😀 and words. ';
const long = phrase.repeat(400);

function copied(text: string, start = 0, end = text.length): string {
  const window = createTextWindow(8);
  copyUnits(window, text, start, end);
  return String.fromCharCode(...window.units.subarray(0, window.length));
}

describe('copyUnits', () => {
  it('copies short and long texts, and parts of them', () => {
    for (const text of ['', 'a', 'ab😀', long, 'plain ASCII '.repeat(100)]) expect(copied(text)).toBe(text);
    expect(copied(long, phrase.length, phrase.length * 100)).toBe(phrase.repeat(99));
    expect(copied(`x${long}`.slice(1))).toBe(long);
  });
  it.each([2, 200])('makes lone surrogates U+FFFD, also where a part of %i units cuts a pair', (length) => {
    const text = '\ud83d' + 'a'.repeat(length) + '\ude00';
    expect(copied(text)).toBe(`\ufffd${'a'.repeat(length)}\ufffd`);
    const pairs = '😀'.repeat(length);
    expect(copied(pairs, 1, 2 * length - 1)).toBe(`\ufffd${'😀'.repeat(length - 2)}\ufffd`);
    expect(copied(pairs, 0, 2 * length)).toBe(pairs);
  });
});

describe('fillWindow', () => {
  it('gives stretches that make up the text', () => {
    const text = long.repeat(12);
    const window = createTextWindow();
    let joined = '';
    for (let from = 0; from < text.length;) {
      from = fillWindow(window, text, from, text.length);
      joined += new TextDecoder('utf-16le').decode(window.units.slice(0, window.length));
      expect(joined.length).toBe(from);
    }
    expect(joined).toBe(text);
  });
});

describe('unitPair', () => {
  it('reads two units at even and odd places', () => {
    const window = createTextWindow();
    copyUnits(window, 'abc', 0, 3);
    expect(unitPair(window.view, 0)).toBe(0x620061);
    expect(unitPair(window.view, 1)).toBe(0x630062);
  });
});
