import type { RandomSource } from '@tesserae/core/data';
import { cut, lumaDeviation, type Raster, resizeShortSide } from './raster';

/** Side of a training crop in pixels. */
export const cropSize = 64;

/** Flatter crops teach nothing. */
const smallestDeviation = 6;

/** How crops are cut from one picture. */
export interface CropPlan {
  /** Short sides in pixels that the picture is reduced to, ascending; never enlarged. */
  readonly shortSides: readonly number[];
  /** Each short side is multiplied by a number of `1 - jitter .. 1 + jitter`. */
  readonly jitter: number;
  /** How often all short sides are gone through at most, each time with another jitter and another grid. */
  readonly rounds: number;
  /** At most so many crops. */
  readonly limit: number;
  /** Largest part of the original's size. */
  readonly maxScale: number;
}

/**
 * Cuts crops of 64 x 64 pixels that are disjoint within each reduced copy of a picture, without the flat ones.
 *
 * @returns Interleaved RGB, small and large scales in turn, so that the first few already cover all of them.
 */
export async function cutCrops(picture: Raster, plan: CropPlan, random: RandomSource): Promise<readonly Uint8Array[]> {
  const largest = Math.floor(Math.min(picture.width, picture.height) * plan.maxScale);
  if (largest < cropSize) return [];
  const groups = plan.shortSides.map((): Uint8Array[] => []);
  const enough = Math.ceil(plan.limit / plan.shortSides.length) * 2;
  for (let round = 0; round < plan.rounds; round++) {
    for (const [index, shortSide] of plan.shortSides.entries()) {
      // Where a picture is smaller than a step, its own size stands in for the first such step.
      const reachable = shortSide <= largest || index === 0 || plan.shortSides[index - 1]! < largest;
      if (!reachable) continue;
      const side = Math.min(largest, Math.round(shortSide * (1 + plan.jitter * (2 * uniform(random) - 1))));
      const group = groups[index]!;
      if (side < cropSize || group.length >= enough) continue;
      group.push(...gridCrops(await resizeShortSide(picture, side), random));
    }
  }
  return interleave(groups.map((group) => shuffle(group, random))).slice(0, plan.limit);
}

/** Lays a grid of crops at a random offset on a picture and keeps those with some structure. */
export function gridCrops(picture: Raster, random: RandomSource): Uint8Array[] {
  const [columns, rows] = [Math.floor(picture.width / cropSize), Math.floor(picture.height / cropSize)];
  const left = Math.floor(uniform(random) * (picture.width - columns * cropSize + 1));
  const top = Math.floor(uniform(random) * (picture.height - rows * cropSize + 1));
  const crops: Uint8Array[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const crop = cut(picture, left + column * cropSize, top + row * cropSize, cropSize, cropSize);
      if (lumaDeviation(crop) >= smallestDeviation) crops.push(crop);
    }
  }
  return crops;
}

/**
 * How many crops each file gives so that files come as evenly as possible: the same cap for all.
 *
 * @param available - Crops of each file.
 * @param total - At most so many together.
 */
export function evenShares(available: readonly number[], total: number): readonly number[] {
  const sum = (cap: number) => available.reduce((result, count) => result + Math.min(count, cap), 0);
  let [low, high] = [0, Math.max(0, ...available)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (sum(middle) <= total) low = middle;
    else high = middle - 1;
  }
  let left = total - sum(low);
  return available.map((count) => {
    if (count <= low || left === 0) return Math.min(count, low);
    left--;
    return low + 1;
  });
}

function interleave<T>(groups: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...groups.map((group) => group.length));
  return Array.from({ length: longest }, (_, index) => index).flatMap((index) =>
    groups.flatMap((group) => (index < group.length ? [group[index]!] : [])),
  );
}

function shuffle<T>(values: readonly T[], random: RandomSource): T[] {
  return Array.from(random.permutation(values.length), (index) => values[index]!);
}

function uniform(random: RandomSource): number {
  return random.uniform(1)[0]!;
}
