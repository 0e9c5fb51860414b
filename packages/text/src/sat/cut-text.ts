import { InputError } from '@tesserae/core/data';
import { isPythonSpace, stripSpace } from '../unicode/python-space';

export interface CutOptions {
  /** Takes white space off both ends of every sentence; those that are nothing else are left out. Default false. */
  readonly stripWhitespace?: boolean;
}

/**
 * Cuts a text, each cut moved behind the white space that follows it (`indices_to_sentences` of wtpsplit). The sentences
 * join to the text unless they are stripped.
 *
 * @param ends - Where sentences end, exclusive, in code points, ascending; that of the last one may be left out.
 * @throws {InputError} An end outside the text, or a descent.
 */
export function cutText(text: string, ends: ArrayLike<number>, options: CutOptions = {}): string[] {
  const characters = [...text];
  const sentences = spansOf(characters, ends).map(([start, end]) => characters.slice(start, end).join(''));
  if (!options.stripWhitespace) return sentences;
  return sentences.map(stripSpace).filter((sentence) => sentence.length > 0);
}

/**
 * The same as ranges of code points, none of them empty.
 *
 * @throws {InputError}
 */
export function spansOf(
  characters: readonly string[],
  ends: ArrayLike<number>,
): readonly (readonly [start: number, end: number])[] {
  const spans: [number, number][] = [];
  let start = 0;
  let last = 1;
  for (let index = 0; index < ends.length; index += 1) {
    const end = ends[index]!;
    if (!Number.isInteger(end) || end < last || end > characters.length) {
      const wanted = `ascending integers of 1..${characters.length}, the code points of the text`;
      throw new InputError('ends', wanted, `${end} at ${index}`);
    }
    last = end;
    const behind = behindSpace(characters, end);
    if (behind > start) spans.push([start, behind]);
    start = behind;
  }
  if (start < characters.length) spans.push([start, characters.length]);
  return spans;
}

/** The first place from `at` on that holds no white space. */
function behindSpace(characters: readonly string[], at: number): number {
  let place = at;
  while (place < characters.length && isPythonSpace(characters[place]!.codePointAt(0)!)) place += 1;
  return place;
}

/** Ends, exclusive, of what is above the threshold; compared in float32 where the values are. */
export function endsAbove(probabilities: ArrayLike<number>, threshold: number): number[] {
  const limit = probabilities instanceof Float32Array ? Math.fround(threshold) : threshold;
  const ends: number[] = [];
  for (let index = 0; index < probabilities.length; index += 1) {
    if (probabilities[index]! > limit) ends.push(index + 1);
  }
  return ends;
}
