import type { Json } from '../signal/signal';

/** A number and how it was made: numbers of other protocols do not compare. */
export interface MetricResult {
  readonly value: number;
  /** Name of the metric and every choice that changes the value. */
  readonly protocol: { readonly metric: string } & Readonly<Record<string, Json>>;
}
