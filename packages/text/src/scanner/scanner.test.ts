import { describe, expect, it } from 'vitest';
import { awkwardAlphabet, randomTexts } from '../../test/random-text';
import { copyUnits, createTextWindow } from '../bpe/windows';
import { alignText } from '../pipeline/aligned-text';
import { splitPreTokenizer } from '../pipeline/pre-tokenizers/split';
import { compilePattern } from '../regex/translate';
import { createCl100kScanner } from './cl100k';
import { createDeepseekScanner } from './deepseek';
import { createGpt2Scanner } from './gpt2';
import { deepseekPatterns } from './known-patterns';
import { createO200kScanner } from './o200k';
import type { Scanner } from './scanner';

/** The patterns as JavaScript can say them; `\s` and case folding are spelled out. */
const W = '\\p{White_Space}';
const contraction = "'(?:[sSſtTdDmM]|[lL][lL]|[vV][eE]|[rR][eE])";
const upper = '[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]';
const lower = '[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]';
const prefix = '[^\\r\\n\\p{L}\\p{N}]?';
const tail = `${W}*[\\r\\n]+|${W}+(?!\\P{White_Space})|${W}+`;
const patterns = {
  gpt2: `'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^${W}\\p{L}\\p{N}]+|${W}+(?!\\P{White_Space})|${W}+`,
  cl100k: `${contraction}|${prefix}\\p{L}+|\\p{N}{1,3}| ?[^${W}\\p{L}\\p{N}]+[\\r\\n]*|${tail}`,
  qwen: `${contraction}|${prefix}\\p{L}+|\\p{N}| ?[^${W}\\p{L}\\p{N}]+[\\r\\n]*|${tail}`,
  o200k:
    `${prefix}${upper}*${lower}+(?:${contraction})?|${prefix}${upper}+${lower}*(?:${contraction})?|` +
    `\\p{N}{1,3}| ?[^${W}\\p{L}\\p{N}]+[\\r\\n/]*|${tail}`,
};
const scanners: Readonly<Record<keyof typeof patterns, Scanner>> = {
  gpt2: createGpt2Scanner(),
  cl100k: createCl100kScanner(),
  qwen: createCl100kScanner(1),
  o200k: createO200kScanner(),
};

function piecesOf(scanner: Scanner, text: string): string[] {
  const window = createTextWindow();
  copyUnits(window, text, 0, text.length);
  const pieces: string[] = [];
  for (let start = 0; start < text.length;) {
    const end = scanner(window.units, start, text.length);
    pieces.push(text.slice(start, end));
    start = end;
  }
  return pieces;
}

describe.each(Object.keys(patterns) as (keyof typeof patterns)[])('the %s scanner', (name) => {
  it('cuts as the regular expression does', () => {
    for (const text of randomTexts(8000, 7)) {
      const wellFormed = text.replace(/\p{Surrogate}/gu, '\ufffd');
      const expected = wellFormed.match(new RegExp(patterns[name], 'gu')) ?? [];
      expect(piecesOf(scanners[name], wellFormed)).toEqual(expected);
    }
  });
});

describe('the DeepSeek scanner', () => {
  const scanner = createDeepseekScanner();
  const steps = deepseekPatterns.map((pattern) =>
    splitPreTokenizer({ kind: 'regex', regex: compilePattern(pattern) }, 'Isolated'),
  );

  it('cuts as the three patterns do one after the other', () => {
    const kana = [...'゛゜゠・ー\u3040\u3097\u3099アカ漢字1 \n', '。'];
    for (const text of [...randomTexts(8000, 9), ...randomTexts(8000, 10, [...kana, ...kana, ...awkwardAlphabet])]) {
      const wellFormed = text.replace(/\p{Surrogate}/gu, '\ufffd');
      const words = steps.reduce((texts, step) => texts.flatMap(step), [alignText(wellFormed, 0, false)]);
      expect(piecesOf(scanner, wellFormed)).toEqual(words.map((word) => word.text).filter(Boolean));
    }
  });
});

describe('scanners', () => {
  it('take U+0085 for white space and U+FEFF not', () => {
    expect(piecesOf(scanners.cl100k, "\u0085'S")).toEqual(['\u0085', "'S"]);
    expect(piecesOf(scanners.cl100k, 'a\ufeffb')).toEqual(['a', '\ufeffb']);
  });
  it('know no letters newer than Unicode 16.0', () => {
    expect(piecesOf(scanners.cl100k, 'a\u{1e6c0}')).toEqual(['a', '\u{1e6c0}']);
  });
  it('stop at the limit', () => {
    const window = createTextWindow();
    copyUnits(window, 'ab  cd', 0, 6);
    expect(scanners.cl100k(window.units, 2, 4)).toBe(4);
    expect(scanners.cl100k(window.units, 2, 6)).toBe(3);
  });
});
