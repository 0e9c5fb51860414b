import type { ParityReport } from '@tesserae/core/test';

/** Compares a number that JSON holds: within `tolerance · max(1, |expected|)`. */
export function near(report: ParityReport, name: string, actual: number, expected: number, tolerance: number): void {
  const isNear = Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected));
  report.equal(name, isNear ? expected : actual, expected);
}
