import { mulberry32 } from '@tesserae/core/data';

const characters =
  'aZsStTdmlLvVrReE \'"!/-_09٣Ⅷ²éßſKİıǅʰªはカ漢字가न😀🏽𐐀𝒜𝟙\n\r\t\u0085\u00a0\u3000\ufeff\u200b\u0000\u0301\u0903\u20dd\ufffd';

/** Characters that the patterns treat differently, assigned since long; lone surrogates, short words. */
export const awkwardAlphabet = [...characters].concat([
  '\r\n',
  '  ',
  '   ',
  '👩‍👩‍👧',
  '\ud800',
  '\udc00',
  "'s",
  "'LL",
  "'ſ",
  ' the',
  'The',
  '123',
]);

/** Seeded strings over an alphabet. */
export function randomTexts(count: number, seed: number, alphabet: readonly string[] = awkwardAlphabet): string[] {
  const random = mulberry32(seed);
  return Array.from({ length: count }, () => {
    const length = random.integers(0, 14, 1)[0]!;
    return Array.from(random.integers(0, alphabet.length, length), (index) => alphabet[index]!).join('');
  });
}
