import { byteCharacters } from '../../bytes/byte-alphabet';
import { utf8Encode } from '../../bytes/utf8';
import { categoryTest } from '../../tables/general-category';
import { isWhiteSpace } from '../../tables/white-space';
import { type AlignedText, editText, joinTexts, sliceText } from '../aligned-text';
import { dropCharacters, replaceCharacters } from './characters';
import { betweenCharacters, byParts, type Normalizer } from './normalizer';

/** Drops all marks (categories M of Unicode 9.0). */
export function stripAccentsNormalizer(): Normalizer {
  const isMark = categoryTest(9, 'M');
  return byParts((source) => dropCharacters(source, isMark), betweenCharacters);
}

/** Cuts white space off the ends. */
export function stripNormalizer(left: boolean, right: boolean): Normalizer {
  const ends = ({ text }: AlignedText): readonly [number, number] => {
    let start = 0;
    let end = text.length;
    // All white space is of one unit.
    while (left && start < end && isWhiteSpace(text.charCodeAt(start))) start += 1;
    while (right && end > start && isWhiteSpace(text.charCodeAt(end - 1))) end -= 1;
    return [start, end];
  };
  const strip = (source: AlignedText): AlignedText => {
    const [start, end] = ends(source);
    if (start === 0 && end === source.text.length) return source;
    const edit = editText(source);
    edit.keep(start, end);
    return edit.done();
  };
  return Object.assign(strip, {
    inSteps: (source: AlignedText) => joinTexts(source, [sliceText(source, ...ends(source))]),
  });
}

/** The clean-up of SentencePiece's `nmt` rules: drops some controls, makes some characters spaces. */
export const nmtNormalizer = (): Normalizer =>
  byParts(
    (source) =>
      replaceCharacters(source, (_, codePoint) => {
        if (isNmtSpace(codePoint)) return ' ';
        return isNmtControl(codePoint) ? '' : undefined;
      }),
    betweenCharacters,
  );

function isNmtControl(codePoint: number): boolean {
  if (codePoint < 0x20)
    return codePoint !== 0 && codePoint !== 9 && codePoint !== 10 && codePoint !== 12 && codePoint !== 13;
  return codePoint === 0x7f || codePoint === 0x8f || codePoint === 0x9f;
}

function isNmtSpace(codePoint: number): boolean {
  if (codePoint < 0x20) return codePoint === 9 || codePoint === 10 || codePoint === 12 || codePoint === 13;
  return (
    codePoint === 0x1680 ||
    (codePoint >= 0x200b && codePoint <= 0x200f) ||
    codePoint === 0x2028 ||
    codePoint === 0x2029 ||
    codePoint === 0x2581 ||
    codePoint === 0xfeff ||
    codePoint === 0xfffd
  );
}

/** Writes every byte of the text as one printable character. */
export const writeVisibleBytes = (source: AlignedText): AlignedText =>
  replaceCharacters(source, (character, codePoint) => {
    if (codePoint > 0x20 && codePoint < 0x7f) return undefined;
    return Array.from(utf8Encode(character), (byte) => byteCharacters[byte]).join('');
  });

/** {@link writeVisibleBytes} as a normalizer. */
export const byteLevelNormalizer = (): Normalizer => byParts(writeVisibleBytes, betweenCharacters);
