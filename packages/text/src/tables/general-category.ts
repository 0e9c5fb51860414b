import { decodeRuns } from './decode-runs';
import { generalCategory17, generalCategory8, generalCategory9 } from './general-category-changes';
import { generalCategory16 } from './general-category-data';

/** Two-letter names of the general categories, in the order of the tables: `Lu` is 1. */
export const categoryNames = [
  'Cn',
  'Lu',
  'Ll',
  'Lt',
  'Lm',
  'Lo',
  'Mn',
  'Mc',
  'Me',
  'Nd',
  'Nl',
  'No',
  'Pc',
  'Pd',
  'Ps',
  'Pe',
  'Pi',
  'Pf',
  'Po',
  'Sm',
  'Sc',
  'Sk',
  'So',
  'Zs',
  'Zl',
  'Zp',
  'Cc',
  'Cf',
  'Cs',
  'Co',
] as const;

export type CategoryName = (typeof categoryNames)[number];

/** Unicode versions whose categories some reference implementation uses. */
export type CategoryVersion = 8 | 9 | 16 | 17;

const changes = { 8: generalCategory8, 9: generalCategory9, 16: '', 17: generalCategory17 };
const tables = new Map<CategoryVersion, Uint8Array>();

/** General category of every code point, as an index into {@link categoryNames}. */
export function generalCategories(version: CategoryVersion): Uint8Array {
  let table = tables.get(version);
  if (!table) {
    table = decodeRuns(generalCategory16);
    decodeRuns(changes[version], (value) => (value === 0 ? undefined : value - 1), table);
    tables.set(version, table);
  }
  return table;
}

/**
 * One number for each code point, from its general category in Unicode 16.0, without keeping the categories.
 *
 * @param classOf - Number of a category, 0..255.
 */
export function classesFromCategories(classOf: (name: CategoryName) => number): Uint8Array {
  const numbers = categoryNames.map(classOf);
  return decodeRuns(generalCategory16, (value) => numbers[value]);
}

/** True where a code point is in one of the categories (`L` stands for all that begin with it), by version. */
export function categoryTest(version: CategoryVersion, ...names: readonly string[]): (codePoint: number) => boolean {
  const wanted = categoryNames.map((name) => names.some((one) => name.startsWith(one)));
  const table = generalCategories(version);
  return (codePoint) => wanted[table[codePoint]!]!;
}
