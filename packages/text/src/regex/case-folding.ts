import { categoryNames, generalCategories } from '../tables/general-category';
import { type CodePointSet, pairs, union } from './code-point-set';

let groups: Map<number, readonly number[]> | undefined;

/** Code points that differ in case only, by simple case folding; itself included. */
export function caseVariants(codePoint: number): readonly number[] {
  if (codePoint < 0x80) return asciiVariants(codePoint);
  return (groups ??= findGroups()).get(codePoint) ?? [codePoint];
}

/** K and S have relatives outside ASCII: the Kelvin sign and the long s. */
function asciiVariants(codePoint: number): readonly number[] {
  const lower = codePoint | 0x20;
  if (lower < 0x61 || lower > 0x7a || codePoint < 0x41) return [codePoint];
  const both = [lower - 0x20, lower];
  if (lower === 0x6b) return [...both, 0x212a];
  return lower === 0x73 ? [...both, 0x17f] : both;
}

/** Adds the case variants of all its members. */
export function withCaseVariants(set: CodePointSet): CodePointSet {
  groups ??= findGroups();
  const added: number[][] = [];
  for (const [codePoint, variants] of groups) {
    if (pairs(set).some(([first, last]) => codePoint >= first && codePoint <= last)) {
      for (const variant of variants) added.push([variant, variant]);
    }
  }
  return union(set, ...added);
}

/** What a character folds to tells which belong together: the engine's folding, of characters that have a case. */
function findGroups(): Map<number, readonly number[]> {
  const categories = generalCategories(16);
  const byFold = new Map<string, number[]>();
  for (let codePoint = 0; codePoint < 0x1f000; codePoint += 1) {
    const name = categoryNames[categories[codePoint]!]!;
    const hasCase =
      name === 'Lu' || name === 'Ll' || name === 'Lt' || name === 'Nl' || name === 'So' || codePoint === 0x345;
    if (!hasCase) continue;
    const fold = foldOf(String.fromCodePoint(codePoint));
    const group = byFold.get(fold);
    if (group) group.push(codePoint);
    else byFold.set(fold, [codePoint]);
  }
  const found = new Map<number, readonly number[]>();
  for (const group of byFold.values()) {
    if (group.length > 1) for (const codePoint of group) found.set(codePoint, group);
  }
  return found;
}

/** Simple folding: by way of upper case where that is one character, so that final and long letters meet. */
function foldOf(character: string): string {
  // The dotless i has a capital, but folds to nothing else.
  if (character === '\u0131') return character;
  const upper = character.toUpperCase();
  const single = [...upper].length === 1 ? upper : character;
  const lower = single.toLowerCase();
  return [...lower].length === 1 ? lower : single;
}
