import { forgetPeakMemory, peakMemory } from '../peak-memory';
import { openAndRead } from './open-and-read';

/** What reading one file took. */
export interface ResourcesUsed {
  /** User and system time. */
  readonly milliseconds: number;
  /** Resident memory at its highest, above what was there before. */
  readonly bytes: number;
}

async function measure(path: string): Promise<ResourcesUsed> {
  globalThis.gc?.();
  forgetPeakMemory();
  const before = process.memoryUsage.rss();
  const start = process.cpuUsage();
  await openAndRead(path).catch(() => undefined);
  const { user, system } = process.cpuUsage(start);
  return {
    milliseconds: (user + system) / 1000,
    bytes: Math.max(0, peakMemory() - before),
  };
}

// Once before: what is loaded and compiled on the first use counts for none of them.
const [first, ...paths] = process.argv.slice(2);
await measure(first!);
for (const path of [first!, ...paths]) process.stdout.write(`${JSON.stringify(await measure(path))}\n`);
