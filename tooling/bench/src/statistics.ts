/** What a row shows of repeated measurements. */
export interface Statistic {
  readonly median: number;
  readonly smallest: number;
  readonly largest: number;
  readonly count: number;
}

/** @throws {Error} There are no values. */
export function statisticOf(values: readonly number[]): Statistic {
  const sorted = values.toSorted((a, b) => a - b);
  const [smallest, largest] = [sorted[0], sorted.at(-1)];
  if (smallest === undefined || largest === undefined) throw new Error('statistic: expected values, got none');
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, smallest, largest, count: sorted.length };
}

/** Distance of the extremes in parts of the median: 0.1 = within 10 %. */
export function spread({ median, smallest, largest }: Statistic): number {
  return median === 0 ? 0 : (largest - smallest) / median;
}

/** Time of the peer over ours: above 1 we are faster. */
export function speedRatio(ours: Statistic, peer: Statistic): number {
  return peer.median / ours.median;
}
