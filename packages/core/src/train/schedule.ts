export interface CosineSchedule {
  /** Highest learning rate. */
  readonly rate: number;
  /** Updates over which the rate grows linearly. */
  readonly warmup: number;
  /** Updates in all. */
  readonly steps: number;
  /** Where the cosine ends, as a part of `rate`. Default 0.01. */
  readonly final?: number;
}

/**
 * Learning rate of an update: linear warm-up, then half a cosine down to `final · rate`, constant afterwards.
 *
 * @param step - Updates made before: 0 for the first.
 */
export function cosineRate({ rate, warmup, steps, final = 0.01 }: CosineSchedule, step: number): number {
  if (step < warmup) return (rate * (step + 1)) / warmup;
  const progress = Math.min(1, (step - warmup) / Math.max(1, steps - warmup));
  return rate * (final + ((1 - final) * (1 + Math.cos(Math.PI * progress))) / 2);
}
