import { type AxisScale, axisFor } from './axis';

/** Points that belong together. */
export interface PlotSeries {
  /** Shown in the legend. */
  readonly name: string;
  /** `[x, y]`, x ascending. Those that are not finite, or not above 0 on an axis of logarithms, are left out. */
  readonly points: readonly (readonly [x: number, y: number])[];
  /** `line` (default), or `bars` from each point down to the lower edge. */
  readonly kind?: 'line' | 'bars';
}

export interface PlotOptions {
  readonly title?: string;
  /** Under the horizontal axis. */
  readonly xLabel?: string;
  /** Over the vertical axis. */
  readonly yLabel?: string;
  /** Default `linear`. */
  readonly xScale?: AxisScale;
  readonly yScale?: AxisScale;
  /** Values that the axes contain in any case. */
  readonly xIncludes?: readonly number[];
  readonly yIncludes?: readonly number[];
  /** Corner of the names of the series. Default `lower`: on the right above the axis. */
  readonly legend?: 'lower' | 'upper';
}

const [width, height] = [720, 400];
const frame = { left: 64, right: 16, top: 40, bottom: 48 };
const colors = ['#1f77b4', '#d62728', '#2ca02c', '#9467bd', '#ff7f0e'];

/** Series as an SVG picture of 720 x 400: the same text for the same series. */
export function plotSeries(series: readonly PlotSeries[], options: PlotOptions = {}): string {
  const { title = '', xLabel = '', yLabel = '', xScale = 'linear', yScale = 'linear', legend = 'lower' } = options;
  const fits = (value: number, scale: AxisScale): boolean =>
    Number.isFinite(value) && (scale === 'linear' || value > 0);
  const drawn = series.map((entry) => ({
    ...entry,
    points: entry.points.filter(([x, y]) => fits(x, xScale) && fits(y, yScale)),
  }));
  const all = drawn.flatMap(({ points }) => points);
  const [left, right, top, bottom] = [frame.left, width - frame.right, frame.top, height - frame.bottom];
  const horizontal = axisFor([...(options.xIncludes ?? []), ...all.map(([x]) => x)], left, right, xScale);
  const vertical = axisFor([...(options.yIncludes ?? []), ...all.map(([, y]) => y)], bottom, top, yScale);
  const grid = [
    ...horizontal.ticks.map(({ value, label }) => {
      const x = pixels(horizontal.place(value));
      return `<path d="M${x} ${top}V${bottom}" stroke="#ddd"/><text x="${x}" y="${bottom + 18}" text-anchor="middle">${label}</text>`;
    }),
    ...vertical.ticks.map(({ value, label }) => {
      const y = vertical.place(value);
      return `<path d="M${left} ${pixels(y)}H${right}" stroke="#ddd"/><text x="${left - 8}" y="${pixels(y + 4)}" text-anchor="end">${label}</text>`;
    }),
  ];
  const shapes = drawn.map(({ name, points, kind = 'line' }, index) => {
    const color = colors[index % colors.length]!;
    const places = points.map(([x, y]) => [pixels(horizontal.place(x)), pixels(vertical.place(y))] as const);
    const y = legend === 'lower' ? bottom - 12 - 18 * (drawn.length - 1 - index) : top + 18 + 18 * index;
    const shape =
      kind === 'bars'
        ? `<path d="${places.map(([x, end]) => `M${x} ${bottom}V${end}`).join('')}" stroke="${color}"/>`
        : `<polyline points="${places.map((place) => place.join(',')).join(' ')}" fill="none" stroke="${color}" stroke-width="1.5"/>`;
    return `${shape}<text x="${right - 8}" y="${y}" text-anchor="end" fill="${color}">${escapeXml(name)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${left}" y="24" font-size="15">${escapeXml(title)}</text>`,
    ...grid,
    ...shapes,
    `<text x="${(width + left) / 2}" y="${height - 10}" text-anchor="middle">${escapeXml(xLabel)}</text>`,
    `<text x="16" y="${top - 12}">${escapeXml(yLabel)}</text>`,
    '</svg>',
    '',
  ].join('\n');
}

function pixels(value: number): string {
  return String(Number(value.toFixed(1)));
}

function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
