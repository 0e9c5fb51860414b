import { writeFileSync } from 'node:fs';
import type { BenchmarkOutput } from './benchmark';
import { loadPerCore } from './machine';

/** Above this, something else is running. */
const quietLoad = 0.25;

/** What a benchmark found, and how it is told. */
export interface Finished<Results> {
  readonly results: Results;
  readonly lines: readonly string[];
  /** What misses its limit, for `--check`. */
  readonly failures: readonly string[];
}

export interface FinishOptions {
  /** File for everything that was measured. */
  readonly json?: string;
  readonly check: boolean;
}

/**
 * Measures, prints and judges.
 *
 * @returns Exit code: 1 where something misses its limit and `check` is on.
 */
export async function finishBenchmark<Results extends { readonly machine: { readonly cores: number } }>(
  measure: () => Promise<Finished<Results>>,
  { json, check }: FinishOptions,
  { print, pathOf }: BenchmarkOutput,
): Promise<number> {
  const load = loadPerCore(1);
  const { results, lines, failures } = await measure();
  const isBusy = load > quietLoad * results.machine.cores;
  print([
    ...(isBusy ? [`the machine was busy at the start (load ${load}): ratios count, times do not`, ''] : []),
    ...lines,
  ]);
  if (json !== undefined) writeFileSync(pathOf(json), `${JSON.stringify({ load, ...results }, null, 2)}\n`);
  if (!check) return 0;
  print(failures.map((problem) => `below its limit: ${problem}`));
  return failures.length > 0 ? 1 : 0;
}
