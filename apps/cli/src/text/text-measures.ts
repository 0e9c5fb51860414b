/** How long a text is. */
export interface TextMeasures {
  /** Code points. */
  readonly characters: number;
  /** What dictionaries and white space say (`Intl.Segmenter`), punctuation left out. */
  readonly words: number;
  /** UTF-8. */
  readonly bytes: number;
}

/** Measures a text. */
export function measureText(text: string): TextMeasures {
  let words = 0;
  for (const { isWordLike } of new Intl.Segmenter('und', { granularity: 'word' }).segment(text))
    if (isWordLike === true) words += 1;
  return { characters: countCharacters(text), words, bytes: Buffer.byteLength(text) };
}

/** Code points of a text. */
export function countCharacters(text: string): number {
  let count = text.length;
  for (let index = 0; index < text.length - 1; index += 1) {
    const isPair = isBetween(text.charCodeAt(index), 0xd800) && isBetween(text.charCodeAt(index + 1), 0xdc00);
    if (isPair) count -= 1;
  }
  return count;
}

const isBetween = (unit: number, first: number): boolean => unit >= first && unit < first + 0x400;
