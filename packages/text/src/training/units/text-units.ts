import { isAksharaBoundary } from './akshara';

/** What pieces and merges never split: characters (code points), or aksharas (see {@link isAksharaBoundary}). */
export type TrainingUnit = 'character' | 'akshara';

/** End of the unit that begins at `start`, in UTF-16 units; `start` is below the length of the text. */
export type UnitEnd = (text: string, start: number) => number;

/** One code point; a lone surrogate is one too. */
export const characterEnd: UnitEnd = (text, start) => start + (text.codePointAt(start)! > 0xffff ? 2 : 1);

const aksharaEnd: UnitEnd = (text, start) => {
  let end = characterEnd(text, start);
  let previous = text.codePointAt(start)!;
  while (end < text.length) {
    const next = text.codePointAt(end)!;
    if (isAksharaBoundary(previous, next)) break;
    previous = next;
    end = characterEnd(text, end);
  }
  return end;
};

export const unitEndOf = (unit: TrainingUnit = 'character'): UnitEnd =>
  unit === 'akshara' ? aksharaEnd : characterEnd;

/** The units of a text, which join to it. */
export function splitUnits(text: string, unitEnd: UnitEnd): string[] {
  const units: string[] = [];
  for (let start = 0; start < text.length;) {
    const end = unitEnd(text, start);
    units.push(text.slice(start, end));
    start = end;
  }
  return units;
}
