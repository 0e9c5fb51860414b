import { generalCategories } from '../../tables/general-category';

/** One mark of each class that occurs, in ascending order of the classes. */
const probes = [
  [1, 0x334],
  [7, 0x93c],
  [8, 0x3099],
  [9, 0x94d],
  [10, 0x5b0],
  [11, 0x5b1],
  [12, 0x5b2],
  [13, 0x5b3],
  [14, 0x5b4],
  [15, 0x5b5],
  [16, 0x5b6],
  [17, 0x5b7],
  [18, 0x5b8],
  [19, 0x5b9],
  [20, 0x5bb],
  [21, 0x5bc],
  [22, 0x5bd],
  [23, 0x5bf],
  [24, 0x5c1],
  [25, 0x5c2],
  [26, 0xfb1e],
  [27, 0x64b],
  [28, 0x64c],
  [29, 0x64d],
  [30, 0x64e],
  [31, 0x64f],
  [32, 0x650],
  [33, 0x651],
  [34, 0x652],
  [35, 0x670],
  [36, 0x711],
  [84, 0xc55],
  [91, 0xc56],
  [103, 0xe38],
  [107, 0xe48],
  [118, 0xeb8],
  [122, 0xec8],
  [129, 0xf71],
  [130, 0xf72],
  [132, 0xf74],
  [202, 0x321],
  [214, 0x1dce],
  [216, 0x31b],
  [218, 0x302a],
  [220, 0x316],
  [222, 0x59a],
  [224, 0x302e],
  [226, 0x1d16d],
  [228, 0x5ae],
  [230, 0x300],
  [232, 0x315],
  [233, 0x35c],
  [234, 0x35d],
  [240, 0x345],
] as const;

const known = new Map<number, number>();

/**
 * Canonical combining class of a character of Unicode 9.0; 0 for others. It follows from the order that normalization
 * gives two marks, and never changes once a character is assigned.
 */
export function combiningClass(codePoint: number): number {
  // No mark is below U+0300; 6..8 are the categories Mn, Mc, Me.
  if (codePoint < 0x300) return 0;
  const category = generalCategories(9)[codePoint]!;
  if (category < 6 || category > 8) return 0;
  const cached = known.get(codePoint);
  if (cached !== undefined) return cached;
  const found = probeClass(String.fromCodePoint(codePoint));
  known.set(codePoint, found);
  return found;
}

function probeClass(mark: string): number {
  let low = 0;
  let high = probes.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [value, codePoint] = probes[middle]!;
    const order = compareMarks(mark, String.fromCodePoint(codePoint));
    if (order === 0) return isStarter(mark) ? 0 : value;
    if (order < 0) high = middle - 1;
    else low = middle + 1;
  }
  return 0;
}

/** Nothing changes places with a starter. */
const isStarter = (mark: string): boolean => compareMarks(mark, '\u0334') === 0 && compareMarks(mark, '\u0345') === 0;

/** -1 where the first mark is of a lower class than the second, 1 where of a higher, 0 where they never change places. */
function compareMarks(mark: string, other: string): number {
  const both = mark.normalize('NFD') + other;
  if (both.normalize('NFD') !== both) return 1;
  const swapped = other + mark.normalize('NFD');
  return swapped.normalize('NFD') === swapped ? 0 : -1;
}
