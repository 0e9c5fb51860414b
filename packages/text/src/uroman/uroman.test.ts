import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { printNumber } from './number-reading';
import { romanize, romanizeEdges } from './romanize';
import { romanizeLine } from './romanize-line';

describe('romanize', () => {
  it.each([
    ['Привет, мир!', 'Privet, mir!'],
    ['ちょっとまってください', 'chottomattekudasai'],
    ['안녕하세요', 'annyeonghaseyo'],
    ['二十三万', '230000'],
    ['三分之一', '1/3'],
    ['百分之五', '5%'],
    ['负三', '-3'],
    ['23½', '23 1/2'],
    ['٣.١٤', '3.14'],
    ['ང་ཚོ', 'nga·tsho'],
    ['', ''],
  ])('writes %j as %j', (text, expected) => {
    expect(romanize(text)).toBe(expected);
  });

  it('knows rules of languages', () => {
    expect(romanize('Игорь', { language: 'ukr' })).toBe('Yhor');
    expect(romanize('Игорь')).toBe('Igor');
    expect(romanize('ç', { language: 'tur' })).toBe('ch');
  });

  it('leaves what is in Latin letters, and any text of numbers and signs', () => {
    for (const text of ['Hello, world', '1,000,000.50 %', 'a-b_c/d', '👩']) expect(romanize(text)).toBe(text);
  });

  it('can see two spaces of two parts', () => {
    expect(romanize('た。「', { inParts: true })).toBe('ta. "');
    expect(romanize('た。「')).toBe('ta.  "');
  });

  it('reads any text', () => {
    const random = mulberry32(4);
    for (let trial = 0; trial < 200; trial += 1) {
      const text = String.fromCharCode(...random.integers(0, 0x10000, 12));
      const edges = romanizeEdges(text);
      expect(edges.map((edge) => edge.text).join('')).toBe(romanize(text));
      let at = 0;
      for (const { start, end } of edges) {
        expect(start).toBe(at);
        expect(end).toBeGreaterThan(start);
        at = end;
      }
      expect(at).toBe(text.length);
    }
  });

  it('takes time in proportion to the length', () => {
    for (const unit of ['ཀ', '1,', '1', 'ส', '二十', '⠼⠁', 'ка']) {
      const text = unit.repeat(3000);
      expect(romanize(text).length).toBeGreaterThan(0);
    }
  });

  it('refuses what is not text', () => {
    expect(() => romanize(5 as unknown as string)).toThrow('a string');
    expect(() => romanize(null as unknown as string)).toThrow('a string');
  });
});

describe('romanizeEdges', () => {
  it('gives places in the text', () => {
    expect(romanizeEdges('😀 я')).toEqual([
      { start: 0, end: 2, text: '😀', kind: 'orig' },
      { start: 2, end: 3, text: ' ', kind: 'orig' },
      { start: 3, end: 4, text: 'ya', kind: 'rom' },
    ]);
    expect(romanizeEdges('😀 я', { offsets: 'codepoint', inParts: true }).at(-1)).toMatchObject({ start: 2, end: 3 });
  });

  it('adds alternatives behind their edge, and all other edges', () => {
    const best = romanizeEdges('महात्मा', { language: 'hin' });
    const alternatives = romanizeEdges('महात्मा', { language: 'hin', format: 'alternatives' });
    const lattice = romanizeEdges('महात्मा', { language: 'hin', format: 'lattice' });
    expect(alternatives.filter(({ kind }) => !kind.startsWith('rom-alt'))).toEqual(best);
    for (const edge of alternatives) expect(lattice).toContainEqual(edge);
    expect(lattice.length).toBeGreaterThan(best.length);
  });
});

describe('romanizeLine', () => {
  it('reads the language of a line', () => {
    expect(romanizeLine('::lcode ukr Игорь')).toEqual({ prefix: '::lcode ukr ', language: 'ukr', text: 'Yhor' });
    expect(romanizeLine('Игорь', { language: 'ukr' })).toEqual({ prefix: '', language: undefined, text: 'Yhor' });
  });
});

describe('printNumber', () => {
  it('prints as Python does', () => {
    expect([12n, 3, 0.5, 0.00002, 1.5e20, Infinity].map(printNumber)).toEqual([
      '12',
      '3.0',
      '0.5',
      '2e-05',
      '1.5e+20',
      'inf',
    ]);
  });
});
