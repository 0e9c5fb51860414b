import { categoryTest } from '../../tables/general-category';

const zeroWidthNonJoiner = 0x200c;
const zeroWidthJoiner = 0x200d;

/**
 * Viramas that join the consonant behind them: Devanagari, Bengali, Gurmukhi, Gujarati, Oriya, Telugu, Kannada,
 * Malayalam, Myanmar, Khmer, Tai Tham, Balinese, Sundanese, Meetei Mayek, Javanese, Brahmi, Kaithi, Chakma, Grantha. Those
 * of Tamil and Sinhala end an akshara unless a joiner follows.
 */
const viramas: ReadonlySet<number> = new Set([
  0x94d, 0x9cd, 0xa4d, 0xacd, 0xb4d, 0xc4d, 0xccd, 0xd4d, 0x1039, 0x17d2, 0x1a60, 0x1b44, 0x1bab, 0xaaf6, 0xa9c0,
  0x11046, 0x110b9, 0x11133, 0x1134d,
]);

type Test = (codePoint: number) => boolean;

let tests: { readonly isMark: Test; readonly isLetter: Test } | undefined;

/**
 * True where an akshara may end between two characters: not before a combining mark or a joiner, not behind a
 * zero-width joiner, and not between a virama and a letter. Two characters decide, so that a pair of pieces that
 * lies within one akshara somewhere never lies across two.
 *
 * @param previous - A code point.
 * @param next - The code point behind it.
 */
export function isAksharaBoundary(previous: number, next: number): boolean {
  if (next < 0x300) return true;
  if (next === zeroWidthJoiner || next === zeroWidthNonJoiner || previous === zeroWidthJoiner) return false;
  tests ??= {
    isMark: categoryTest(16, 'M'),
    isLetter: categoryTest(16, 'L'),
  };
  return !tests.isMark(next) && !(viramas.has(previous) && tests.isLetter(next));
}
