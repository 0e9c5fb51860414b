import { setTimeout as delay } from 'node:timers/promises';
import { statisticOf, type Statistic } from './statistics';
import type { Sample } from './worker-loop';

/** Threads that wait busily for their next task go to sleep, so that they do not slow the other side. */
const restMilliseconds = 60;

/** One thing that is measured: it takes its turn once a round. */
export interface Contestant {
  readonly run: () => Promise<Sample>;
  readonly samples: Sample[];
}

export function contestant(run: () => Promise<Sample>): Contestant {
  return { run, samples: [] };
}

export interface TurnOptions {
  /** Everyone has run already: nobody runs unmeasured first. Default false. */
  readonly isWarm?: boolean;
  /** Milliseconds after which no further round begins; there is always one. Default: no limit. */
  readonly budget?: number;
}

/** One unmeasured run each, then rounds in which everyone has a turn. */
export async function inTurns(
  all: readonly Contestant[],
  rounds: number,
  { isWarm = false, budget = Number.POSITIVE_INFINITY }: TurnOptions = {},
): Promise<void> {
  if (!isWarm) for (const { run } of all) await run();
  const start = performance.now();
  for (let round = 0; round < rounds && (round === 0 || performance.now() - start < budget); round += 1) {
    for (const { run, samples } of all) {
      samples.push(await run());
      await delay(restMilliseconds);
    }
  }
}

/** Wall clock and processor time, milliseconds. */
export interface SideTiming {
  readonly wall: Statistic;
  readonly cpu: Statistic;
}

/** @throws {Error} There are no samples. */
export function timingOf(samples: readonly Sample[]): SideTiming {
  return {
    wall: statisticOf(samples.map(({ milliseconds }) => milliseconds)),
    cpu: statisticOf(samples.map(({ cpuMilliseconds }) => cpuMilliseconds)),
  };
}
