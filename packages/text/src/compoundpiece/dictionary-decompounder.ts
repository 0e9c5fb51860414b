import { InputError } from '@tesserae/core/data';

/** Gives the parts of a compound in their own forms; the word itself where it is none. */
export type Decompounder = (word: string) => readonly string[];

export interface DictionaryDecompounderOptions {
  /** What may stand between parts and belongs to none of them. Default: those of German. */
  readonly linkingElements?: readonly string[];
  /** Code points of a part at least. Default 3. */
  readonly minPartLength?: number;
  /** Parts at most. Default 8. */
  readonly maxParts?: number;
}

/** German fillers between the parts of compounds. */
const germanLinks = ['s', 'es', 'n', 'en', 'er', 'e', 'ns', 'ens'];

/**
 * Decompounds by a list of words: of all ways to put the word together from known ones the one whose counts have the
 * highest geometric mean, the undivided word among them (Koehn and Knight, "Empirical Methods for Compound Splitting",
 * 2003). Words are looked up in lower case.
 *
 * @param counts - How often words occur, lower case.
 * @throws {InputError} Counts that are not positive, or a length or number below 1.
 */
export function dictionaryDecompounder(
  counts: ReadonlyMap<string, number>,
  options: DictionaryDecompounderOptions = {},
): Decompounder {
  const { linkingElements = germanLinks, minPartLength = 3, maxParts = 8 } = options;
  for (const [name, value] of Object.entries({ minPartLength, maxParts })) {
    if (!Number.isInteger(value) || value < 1) throw new InputError(name, 'an integer of at least 1', String(value));
  }
  const logarithms = new Map<string, number>();
  let longest = 0;
  for (const [word, count] of counts) {
    if (!(count > 0 && count < Infinity)) throw new InputError(`count of ${word}`, 'a number above 0', String(count));
    logarithms.set(word, Math.log(count));
    longest = Math.max(longest, [...word].length);
  }
  const links = ['', ...linkingElements].map((link) => [...link]);

  return (word) => {
    const characters = [...word];
    const lower = characters.map((character) => character.toLowerCase());
    const size = characters.length;
    // best[parts][end]: best sum of logarithms of so many parts that fill the word up to there.
    const best: (Reading | undefined)[][] = [lower.map(() => undefined)];
    best[0]![0] = { score: 0, parts: [] };
    for (let count = 1; count <= Math.min(maxParts, Math.floor(size / minPartLength)); count += 1) {
      const row: (Reading | undefined)[] = Array.from({ length: size + 1 }, () => undefined);
      best.push(row);
      for (let start = 0; start < size; start += 1) {
        const before = best[count - 1]![start];
        if (!before) continue;
        for (let end = start + minPartLength; end <= Math.min(size, start + longest); end += 1) {
          const score = logarithms.get(lower.slice(start, end).join(''));
          if (score === undefined) continue;
          const reading = {
            score: before.score + score,
            parts: [...before.parts, characters.slice(start, end).join('')],
          };
          for (const link of links) {
            const after = end + link.length;
            // Nothing links the last part to what is not there.
            if (link.length > 0 && after + minPartLength > size) continue;
            if (!link.every((character, place) => lower[end + place] === character)) continue;
            if (!row[after] || reading.score > row[after].score) row[after] = reading;
          }
        }
      }
    }
    const found = best.flatMap((row, count) =>
      count > 0 && row[size] ? [{ ...row[size], mean: row[size].score / count }] : [],
    );
    if (found.length === 0) return [word];
    return found.reduce((first, other) => (other.mean > first.mean ? other : first)).parts;
  };
}

interface Reading {
  readonly score: number;
  readonly parts: readonly string[];
}
