import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { randomTexts } from '../../test/random-text';
import { additionProblem, additionPrompt, sampleAddition } from './addition';
import { additionCarries, analyzeAddition, digitErrors, digitPlaces } from './addition-errors';
import { chunkDigits, formatDigits } from './chunk-digits';
import { digitSplitPattern, groupDigits, splitDigits, ungroupDigits } from './group-digits';

describe('chunkDigits', () => {
  it('counts from either end', () => {
    expect(chunkDigits('1234567', 3, 'rtl')).toEqual(['1', '234', '567']);
    expect(chunkDigits('1234567', 3, 'ltr')).toEqual(['123', '456', '7']);
    expect(chunkDigits('', 3)).toEqual([]);
    expect(chunkDigits('𝟙𝟚𝟛𝟜', 3)).toEqual(['𝟙', '𝟚𝟛𝟜']);
    expect(() => chunkDigits('1', 0)).toThrow('size');
  });
});

describe('formatDigits', () => {
  it('reads the published names only', () => {
    expect(formatDigits(1234567n, 'foo_r2l')).toBe('1foo234foo567');
    expect(formatDigits(1234, 'nosep')).toBe('1234');
    for (const format of ['comma', 'comma_rtl', 'toString_r2l', '__proto___r2l', 'comma_r2l_x', '']) {
      expect(() => formatDigits(1, format)).toThrow('format: expected nosep');
    }
  });
});

describe('groupDigits', () => {
  it('groups every run of a text', () => {
    expect(groupDigits('a1234b56 0.00001')).toBe('a1,234b56 0.00,001');
    expect(groupDigits('1234', { direction: 'ltr', separator: '_', size: 2 })).toBe('12_34');
  });

  it('is reversible, even where separators stand between digits already', () => {
    const alphabet = ['1', '23', '٣', '5678901', ',', ',,', ' ', 'a', '.', '\ud800', '::', ':', '-', '$'];
    for (const separator of [',', '.', ' ', '::', 'a', '-', '$', '\ud800']) {
      for (const text of randomTexts(60, 4, alphabet)) {
        for (const direction of ['ltr', 'rtl'] as const) {
          const grouped = groupDigits(text, { separator, direction });
          expect(ungroupDigits(grouped, { separator })).toBe(text);
        }
      }
    }
  });

  it('leaves separators alone where asked to', () => {
    expect(groupDigits('1,234', { escape: false })).toBe('1,234');
    expect(ungroupDigits('1,234,,5', { escape: false })).toBe('1234,,5');
  });

  it('refuses separators that could be read as digits', () => {
    expect(() => groupDigits('1', { separator: '' })).toThrow('separator');
    expect(() => ungroupDigits('1', { separator: '0' })).toThrow('separator');
  });
});

describe('splitDigits', () => {
  it('cuts as its pattern does', () => {
    for (const size of [1, 2, 3, 4]) {
      for (const direction of ['ltr', 'rtl'] as const) {
        const pattern = new RegExp(`${digitSplitPattern(size, direction)}|\\P{N}+`, 'gu');
        for (const text of randomTexts(60, size)) {
          const pieces = splitDigits(text, { size, direction });
          expect(pieces.join('')).toBe(text);
          expect(pieces).toEqual(text.match(pattern) ?? []);
        }
      }
    }
    expect(() => digitSplitPattern(0)).toThrow('size');
  });
});

describe('additions', () => {
  it('are written with spaces, signs and examples', () => {
    expect(additionProblem([12, 3456], { format: 'comma_r2l', spaces: 1, trailingSpaces: 1 })).toBe('12 + 3,456 = ');
    expect(additionProblem([1, 2], { withEquals: false })).toBe('1+2');
    expect(additionPrompt([999, 1], [[5, 6]], { format: 'comma_r2l' })).toEqual({
      shots: [{ question: '5+6=', answer: '11' }],
      question: '999+1=',
      answer: '1,000',
    });
    expect(() => additionProblem([1, 2], { spaces: -1 })).toThrow('spaces');
  });

  it('are drawn with the lengths that were asked for', () => {
    const random = mulberry32(8);
    const lengths = [
      [7, 8, 8],
      [9, 9, 9],
      [8, 7, 9],
      [1, 1, 2],
      [1, 1, 1],
    ] as const;
    for (const [first, second, sum] of lengths) {
      for (let trial = 0; trial < 50; trial += 1) {
        const [a, b] = sampleAddition(random, [first, second, sum]);
        expect([a, b, a + b].map((number) => String(number).length)).toEqual([first, second, sum]);
      }
    }
    for (const impossible of [
      [7, 8, 7],
      [3, 3, 5],
      [0, 1, 1],
      [10, 1, 10],
    ] as const) {
      expect(() => sampleAddition(random, impossible)).toThrow('lengths');
    }
  });

  it('carry where digits overflow', () => {
    expect([...additionCarries(999, 1)]).toEqual([1, 1, 1]);
    expect([...additionCarries(0, 0)]).toEqual([0]);
    expect(() => additionCarries(-1, 0)).toThrow('at least 0');
    expect(() => additionCarries(0.5, 0)).toThrow('at least 0');
  });

  it('tell errors apart', () => {
    expect(analyzeAddition(999, 1, 1000)).toMatchObject({ isCorrect: true, carries: 3, longestCarryChain: 3 });
    expect(analyzeAddition(123, 456, 589)).toMatchObject({ isOffByOneDigit: true, hasCorrectLength: true });
    expect(analyzeAddition(123, 456, 479)).toMatchObject({ droppedDigit: true });
    expect(analyzeAddition(12, 345, 465)).toMatchObject({ leftAligned: true });
    expect(analyzeAddition(1999, 1001, 21000)).toMatchObject({ addedByGroup: true });
    expect([...digitErrors(579, 589)]).toEqual([0, 1, 0]);
    expect([...digitErrors(58, 589, 'left')]).toEqual([0, 0]);
  });
});

describe('digitPlaces', () => {
  it('says which token every digit is in', () => {
    const { tokens, places, boundaries } = digitPlaces(['1', ',', '234']);
    expect([[...tokens], [...places], [...boundaries]]).toEqual([
      [0, 2, 2, 2],
      [0, 0, 1, 2],
      [1, 4],
    ]);
  });
});
