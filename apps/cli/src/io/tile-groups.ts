import type { ImageSignal, DecodeOptions, Tokens } from '@tesserae/core';
import { decodeTiled, tileOf, type ImageTokenizer } from '@tesserae/image';

/** The items of a file, picture by picture: one each, or all tiles of one that was cut. */
export function pictureGroups(items: readonly Tokens[]): readonly (readonly Tokens[])[] {
  const groups: Tokens[][] = [];
  for (let start = 0; start < items.length; start += groups.at(-1)!.length) {
    const layout = tileOf(items[start]!.source)?.layout;
    const count = layout === undefined ? 1 : layout.columns * layout.rows;
    // Sizes come from the file: nonsense is left to the decoder's checks.
    groups.push(items.slice(start, start + (Number.isInteger(count) && count >= 1 ? count : 1)));
  }
  return groups;
}

/** One picture from its tokens, or from those of its tiles. */
export function decodePicture(
  tokenizer: ImageTokenizer,
  group: readonly Tokens[],
  options: DecodeOptions,
): Promise<ImageSignal> {
  const [first] = group;
  return first && tileOf(first.source) === undefined
    ? tokenizer.decode(first, options)
    : decodeTiled(tokenizer, group, options);
}
