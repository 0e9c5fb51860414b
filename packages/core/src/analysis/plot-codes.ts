import { plotSeries, type PlotSeries } from '../plot/plot-series';
import { logSpaced } from './log-spaced';
import { rankFrequency, zipfFit } from './zipf';

export interface PlotCodesOptions {
  readonly title?: string;
}

/** Ranks that are drawn, and bars of the usage. */
const [drawnRanks, drawnBars] = [200, 320];

/**
 * Frequency over rank of counted codes with the fits of Zipf's and Mandelbrot's laws, on axes of logarithms, as an SVG
 * picture.
 *
 * @param counts - How often each code occurs, whole numbers, in any order.
 * @throws {InputError} A count is something else.
 */
export function plotRankFrequency(counts: Iterable<number>, { title = '' }: PlotCodesOptions = {}): string {
  const ranked = rankFrequency(counts);
  const total = ranked.reduce((sum, count) => sum + count, 0);
  const { maximumLikelihood, mandelbrot, types } = zipfFit(ranked);
  const ranks = logSpaced(ranked.length, drawnRanks);
  const law = (exponent: number, offset: number): PlotSeries['points'] => {
    const norm = ranked.reduce((sum, _, index) => sum + (index + 1 + offset) ** -exponent, 0);
    return ranks.map((rank) => [rank, (total * (rank + offset) ** -exponent) / norm]);
  };
  const series: PlotSeries[] = [{ name: `${types} codes`, points: ranks.map((rank) => [rank, ranked[rank - 1]!]) }];
  if (types >= 2) {
    const [zipf, shifted] = [maximumLikelihood.exponent, mandelbrot];
    series.push({ name: `Zipf, exponent ${zipf.toFixed(3)}`, points: law(zipf, 0) });
    series.push({
      name: `Mandelbrot, exponent ${shifted.exponent.toFixed(3)}, offset ${shifted.offset.toFixed(1)}`,
      points: law(shifted.exponent, shifted.offset),
    });
  }
  return plotSeries(series, { title, xLabel: 'rank', yLabel: 'tokens', xScale: 'log', yScale: 'log', legend: 'upper' });
}

/**
 * How often each code is used, by id, as an SVG picture of bars; ids of large codebooks share a bar, which is as high as
 * all of them.
 *
 * @param counts - `[vocabularySize]`.
 */
export function plotCodeUsage(counts: ArrayLike<number>, { title = '' }: PlotCodesOptions = {}): string {
  const all = Float64Array.from(counts);
  const perBar = Math.max(1, Math.ceil(all.length / drawnBars));
  const bars = Array.from({ length: Math.ceil(all.length / perBar) }, (_, bar): readonly [number, number] => {
    const own = all.subarray(bar * perBar, (bar + 1) * perBar);
    return [bar * perBar, own.reduce((sum, count) => sum + count, 0)];
  });
  const used = all.filter((count) => count > 0).length;
  return plotSeries(
    [{ name: `${used} of ${all.length} codes used`, points: bars.filter(([, count]) => count > 0), kind: 'bars' }],
    {
      title,
      xLabel: perBar === 1 ? 'id' : `id, ${perBar} a bar`,
      yLabel: 'tokens',
      xIncludes: [0, Math.max(1, all.length - 1)],
      yIncludes: [0],
      legend: 'upper',
    },
  );
}
