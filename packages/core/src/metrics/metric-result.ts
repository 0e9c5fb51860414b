import type { Json } from '../signal/signal';

/** A number (or several that belong together) and how it was made: numbers of other protocols do not compare. */
export interface MetricResult<Value = number> {
  readonly value: Value;
  /** Name of the metric and every choice that changes the value. */
  readonly protocol: { readonly metric: string } & Readonly<Record<string, Json>>;
}
