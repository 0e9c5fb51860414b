import * as fc from 'fast-check';
import type { FuzzTarget } from './fuzz-targets';
import { mutated, mutations } from './mutations';

/** A file that a reader does not survive, as small as could be found. */
export interface Crash {
  readonly target: string;
  readonly bytes: Uint8Array;
  readonly error: unknown;
}

export interface FuzzOptions {
  /** Changes that are tried. */
  readonly runs: number;
  readonly seed: number;
  /** CPU time that one file may take. Default: not looked at. */
  readonly maximumMilliseconds?: number;
  /** Told each file before it is read: what is being read when the process hangs or runs out of memory. */
  readonly onFile?: (bytes: Uint8Array) => void;
}

/** Reads changed files until one is not survived. */
export async function fuzz(
  target: FuzzTarget,
  others: readonly FuzzTarget[],
  options: FuzzOptions,
): Promise<Crash | undefined> {
  const { maximumMilliseconds = Number.POSITIVE_INFINITY } = options;
  let last: unknown;
  const property = fc.asyncProperty(mutations, fc.nat(), async (changes, pick) => {
    const bytes = mutated(target.seed, changes, others[pick % others.length]!.seed);
    options.onFile?.(bytes);
    const before = process.cpuUsage();
    try {
      await target.survives(bytes);
    } catch (error) {
      last = error;
      throw error;
    }
    const { user, system } = process.cpuUsage(before);
    if ((user + system) / 1000 > maximumMilliseconds) {
      last = new Error(`${Math.round((user + system) / 1000)} ms of CPU time for ${bytes.length} bytes`);
      throw last;
    }
  });
  const details = await fc.check(property, { seed: options.seed, numRuns: options.runs });
  if (!details.failed || !details.counterexample) return undefined;
  const [changes, pick] = details.counterexample;
  const bytes = mutated(target.seed, changes, others[pick % others.length]!.seed);
  return { target: target.name, bytes, error: last };
}
