import { plotSeries } from '../plot/plot-series';

export interface LossCurve {
  /** Shown in the legend. */
  readonly name: string;
  /** Updates and values, updates ascending. */
  readonly points: readonly (readonly [step: number, value: number])[];
}

export interface PlotLossesOptions {
  readonly title?: string;
  /** Label of the vertical axis: `dB`. */
  readonly unit?: string;
}

/** Curves over updates as an SVG picture. Values that are not finite are left out. */
export function plotLosses(curves: readonly LossCurve[], { title = '', unit = '' }: PlotLossesOptions = {}): string {
  return plotSeries(curves, { title, xLabel: 'updates', yLabel: unit, xIncludes: [0] });
}
