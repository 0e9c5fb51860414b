import { mulberry32 } from '@tesserae/core';
import { statisticOf, type Statistic } from '../statistics';
import type { Opened } from './peers.mjs';
import { processorTime } from './processor-time.mjs';

/** Texts that have no place to be cut at, or nothing but such places. */
export const worstCases = ['letters', 'a', ' ', '-', '漢'] as const;
export type WorstCase = (typeof worstCases)[number];

/** Bytes of UTF-8; each twice the one before. */
export const worstSizes = [125_000, 250_000, 500_000, 1_000_000] as const;

/** Letters of the case that users report. */
export const letterCount = 32_000;

export interface WorstTime {
  readonly vocabulary: string;
  readonly what: WorstCase;
  /** Milliseconds of processor time, for every size. */
  readonly times: readonly Statistic[];
  /** Power of the length that the time grows with: 1 = in proportion. */
  readonly growth: number;
}

/** @param bytes - Of UTF-8, rounded down to whole characters. */
export function worstText(what: WorstCase, bytes: number, seed: number): string {
  if (what !== 'letters') return what.repeat(Math.floor(bytes / Buffer.byteLength(what)));
  return Array.from(mulberry32(seed).integers(97, 123, bytes), (unit) => String.fromCharCode(unit)).join('');
}

/** Milliseconds of {@link letterCount} random letters; other letters every time. */
export async function measureLetters({ encode }: Opened, rounds: number): Promise<Statistic> {
  const times: number[] = [];
  for (let round = -1; round < rounds; round += 1) {
    const text = worstText('letters', letterCount, 100 + round);
    const time = await processorTime(async () => void (await encode(text)));
    if (round >= 0) times.push(time);
  }
  return statisticOf(times);
}

/** All cases at all sizes, in turns. */
export async function measureWorstCases(
  vocabulary: string,
  { encode }: Opened,
  rounds: number,
): Promise<readonly WorstTime[]> {
  const found: WorstTime[] = [];
  for (const what of worstCases) {
    const times = worstSizes.map((): number[] => []);
    for (let round = -1; round < rounds; round += 1) {
      for (const [place, size] of worstSizes.entries()) {
        const text = worstText(what, size, round + 1);
        const time = await processorTime(async () => void (await encode(text)));
        if (round >= 0) times[place]!.push(time);
      }
    }
    const statistics = times.map(statisticOf);
    const growth = growthOf(
      worstSizes,
      statistics.map(({ median }) => median),
    );
    found.push({ vocabulary, what, times: statistics, growth });
  }
  return found;
}

/** Slope of the logarithm of the times over that of the sizes, by least squares. */
export function growthOf(sizes: readonly number[], times: readonly number[]): number {
  const points = sizes.map((size, index) => [Math.log(size), Math.log(Math.max(times[index]!, 1e-3))] as const);
  const mean = (place: 0 | 1) => points.reduce((sum, point) => sum + point[place], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const covariance = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return covariance / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}
