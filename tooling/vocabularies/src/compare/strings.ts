import { mulberry32 } from '@tesserae/core/data';
import { blockEdges } from './unicode-blocks';

const characters =
  'aZsStTdmlLvVrReEkKiIß \'"!/-_.,09٣Ⅷ²½éſKÅİıǅʰªŉΣςは゛カ漢字가각힣가😀🏽❤️🇩🇪𐐀𝒜𝟙ﬁ①㎏' +
  '\n\r\t\v\f\u0000\u0001\u001f\u007f\u0085\u00a0\u00ad\u1680\u180e\u2003\u2009\u2028\u2029\u202f\u3000\ufeff' +
  '\u200b\u200c\u200d\u2060\u0301\u0308\u0323\u0338\u0345\u05b0\u064b\u0903\u094d\u0915\u0e33\u0f71\u0f73\u20dd' +
  '\u302a\u3099\ufe0f\ufe20\u{1d165}\u{1d16e}\u{e0067}\ufffd\ufffe\uffff\u0378\ue000\u{f0000}\u{10ffff}';

/** Letters of Unicode 16 and 17, which older tables take for unassigned. */
const newest =
  '\u1c89\ua7cb\ua7ce\ua7d2\ua7f1\u088f\u{105c0}\u{10940}\u{11db0}\u{16ea0}\u{18cff}\u{1e5d0}\u{1e6c0}\u{323b0}';

/** Characters that pipelines treat differently, contractions, runs of white space, words, lone surrogates. */
export const awkwardAlphabet: readonly string[] = [...characters, ...newest].concat(
  [
    '\r\n',
    '\n\n',
    '\n\n\n',
    '  ',
    '   ',
    '        ',
    ' \n',
    '\n ',
    '\t\t',
    '▁',
    '▁▁',
    'Ġ',
    '##',
    '</w>',
    '<0x41>',
    '<0xE2>',
  ],
  ['\ud800', '\udbff', '\udc00', '\udfff'],
  ['👩‍👩‍👧', '👨🏽‍💻', '🏳️‍🌈', '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}', 'क्षि', 'é', 'Å', 'Ω', 'ﷺ'],
  ["'s", "'S", "'LL", "'ll", "'ſ", "'re", "'VE", "n't", "don't", "I'm", "'d"],
  [
    ' the',
    'The',
    'hello',
    ' world',
    'ing',
    'straße',
    'İstanbul',
    'ΑΣ',
    '日本語',
    'ไทย',
    'العربية',
    '123',
    '2024',
    '3.14',
    '...',
    '——',
  ],
  ['/*', '://', '{"', '();', '\\n', '==', '#'],
);

/** How much is compared. */
export interface ComparedAmount {
  /** Seeded strings. */
  readonly strings: number;
  readonly seed: number;
  /** Also every code point, every token's own text and every id by itself. Default true. */
  readonly whole?: boolean;
}

/** Seeded strings of up to `longest` parts of the alphabet; `extra` parts are as likely as all others together, one in eight. */
export function awkwardStrings({ strings, seed }: ComparedAmount, extra: readonly string[], longest = 18): string[] {
  const random = mulberry32(seed);
  return Array.from({ length: strings }, () => {
    const length = random.integers(1, longest, 1)[0]!;
    const kinds = random.integers(0, 8, length);
    const places = random.integers(0, 2 ** 31, length);
    return Array.from(places, (place, index) => {
      const parts = kinds[index] === 0 && extra.length > 0 ? extra : awkwardAlphabet;
      return parts[place % parts.length]!;
    }).join('');
  });
}

/** The ends of every Unicode block: alone, inside a word, twice behind a space. */
export function edgeStrings(): string[] {
  return blockEdges().flatMap((codePoint) => {
    const character = String.fromCodePoint(codePoint);
    return [character, `a${character}b`, ` ${character}${character}`];
  });
}

/** Every code point of the planes that have characters, in rows of 32; half of the rows with letters between them. */
export function everyCodePoint(): string[] {
  const rows: string[] = [];
  for (let row = 0; row < 0x40000; row += 32) {
    if (row >= 0xd800 && row < 0xe000) continue;
    const characters = Array.from({ length: 32 }, (_, index) => String.fromCodePoint(row + index));
    rows.push(characters.join(''), characters.join('e'));
  }
  for (let row = 0xe0000; row < 0xe0200; row += 32) {
    rows.push(Array.from({ length: 32 }, (_, index) => String.fromCodePoint(row + index)).join(''));
  }
  return rows;
}

/** Texts of special tokens in text: with letters, white space and each other around them. */
export function specialStrings(specials: readonly string[]): string[] {
  return specials.flatMap((text, index) => {
    const next = specials[(index + 1) % specials.length]!;
    return [text, `a${text}b`, ` ${text} \n`, `${text}${next}`, `${text} ${text}`, text.slice(1), `<${text}`];
  });
}

/** Lists of ids in `0 .. size`, seeded: up to 24 of them. */
export function idLists(count: number, seed: number, size: number): number[][] {
  const random = mulberry32(seed + 1);
  return Array.from({ length: count }, () => [...random.integers(0, size, random.integers(1, 25, 1)[0]!)]);
}
