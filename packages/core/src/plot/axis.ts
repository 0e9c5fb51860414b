/** Spacing of an axis. */
export type AxisScale = 'linear' | 'log';

/** Maps values onto pixels. */
export interface Axis {
  /** Round values with their labels. */
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
  place(value: number): number;
}

/**
 * An axis with round ticks around the values, mapped onto pixels `from..to`.
 *
 * @param values - Finite; above 0 for `log`. Without any the axis runs over 0..1, or 1..10.
 */
export function axisFor(values: readonly number[], from: number, to: number, scale: AxisScale = 'linear'): Axis {
  return scale === 'log' ? logAxis(values, from, to) : linearAxis(values, from, to);
}

function linearAxis(values: readonly number[], from: number, to: number): Axis {
  const { low, high } = rangeOf(values);
  const [start, span] = low > high ? [0, 1] : [low, high - low || Math.abs(low) || 1];
  const magnitude = 10 ** Math.floor(Math.log10(span / 5));
  const step = magnitude * ([1, 2, 5, 10].find((factor) => factor * magnitude * 6 >= span) ?? 10);
  const first = Math.floor(start / step);
  const last = Math.max(first + 1, Math.ceil((start + span) / step));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(6)));
  return {
    ticks: ticks.map((value) => ({ value, label: String(value) })),
    place: (value) => from + ((value - first * step) / ((last - first) * step)) * (to - from),
  };
}

/** Powers of ten. */
function logAxis(values: readonly number[], from: number, to: number): Axis {
  const { low, high } = rangeOf(values);
  const first = low > high ? 0 : Math.floor(Math.log10(low));
  const last = Math.max(first + 1, low > high ? 1 : Math.ceil(Math.log10(high) - 1e-9));
  return {
    ticks: Array.from({ length: last - first + 1 }, (_, i) => {
      const value = Number((10 ** (first + i)).toPrecision(6));
      return { value, label: Math.abs(first + i) <= 4 ? String(value) : `1e${first + i}` };
    }),
    place: (value) => from + ((Math.log10(value) - first) / (last - first)) * (to - from),
  };
}

function rangeOf(values: readonly number[]): { readonly low: number; readonly high: number } {
  return {
    low: values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
    high: values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
  };
}
