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

const [width, height] = [720, 400];
const frame = { left: 64, right: 16, top: 40, bottom: 48 };
const colors = ['#1f77b4', '#d62728', '#2ca02c', '#9467bd', '#ff7f0e'];

/** Curves over updates as an SVG picture. Values that are not finite are left out. */
export function plotLosses(curves: readonly LossCurve[], { title = '', unit = '' }: PlotLossesOptions = {}): string {
  const finite = curves.map(({ name, points }) => ({
    name,
    points: points.filter(([step, value]) => Number.isFinite(step) && Number.isFinite(value)),
  }));
  const all = finite.flatMap(({ points }) => points);
  const horizontal = axis([0, ...all.map(([step]) => step)], frame.left, width - frame.right);
  const vertical = axis(
    all.map(([, value]) => value),
    height - frame.bottom,
    frame.top,
  );
  const grid = [
    ...horizontal.ticks.map((tick) => {
      const x = number(horizontal.place(tick));
      return `<path d="M${x} ${frame.top}V${height - frame.bottom}" stroke="#ddd"/><text x="${x}" y="${height - frame.bottom + 18}" text-anchor="middle">${tick}</text>`;
    }),
    ...vertical.ticks.map((tick) => {
      const y = number(vertical.place(tick));
      return `<path d="M${frame.left} ${y}H${width - frame.right}" stroke="#ddd"/><text x="${frame.left - 8}" y="${number(vertical.place(tick) + 4)}" text-anchor="end">${tick}</text>`;
    }),
  ];
  const lines = finite.map(({ name, points }, index) => {
    const color = colors[index % colors.length]!;
    const path = points.map(([step, value]) => `${number(horizontal.place(step))},${number(vertical.place(value))}`);
    const y = height - frame.bottom - 12 - 18 * (finite.length - 1 - index);
    return `<polyline points="${path.join(' ')}" fill="none" stroke="${color}" stroke-width="1.5"/><text x="${width - frame.right - 8}" y="${y}" text-anchor="end" fill="${color}">${escapeXml(name)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${frame.left}" y="24" font-size="15">${escapeXml(title)}</text>`,
    ...grid,
    ...lines,
    `<text x="${(width + frame.left) / 2}" y="${height - 10}" text-anchor="middle">updates</text>`,
    `<text x="16" y="${frame.top - 12}">${escapeXml(unit)}</text>`,
    '</svg>',
    '',
  ].join('\n');
}

interface Axis {
  readonly ticks: readonly number[];
  place(value: number): number;
}

/** Round ticks around the values, mapped onto pixels `from..to`. */
function axis(values: readonly number[], from: number, to: number): Axis {
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const [start, span] = low > high ? [0, 1] : [low, high - low || Math.abs(low) || 1];
  const magnitude = 10 ** Math.floor(Math.log10(span / 5));
  const step = magnitude * ([1, 2, 5, 10].find((factor) => factor * magnitude * 6 >= span) ?? 10);
  const first = Math.floor(start / step);
  const last = Math.max(first + 1, Math.ceil((start + span) / step));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(6)));
  return {
    ticks,
    place: (value) => from + ((value - first * step) / ((last - first) * step)) * (to - from),
  };
}

function number(value: number): string {
  return String(Number(value.toFixed(1)));
}

function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
