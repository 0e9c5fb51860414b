import { openSync, writeSync } from 'node:fs';
import { fuzz } from '../../../packages/core/test/fuzz/fuzz-run';
import { fuzzTargets } from '../../../packages/core/test/fuzz/fuzz-targets';
import { lengthBytes, withLength } from './current-file';
import type { SliceResult } from './slice';

/** CPU time that no file may take. */
const maximumMilliseconds = 2000;

/** One slice of one reader, in a process of its own: hangs and exhausted memory end only that. */
async function main([name, seed, runs, current]: readonly string[]): Promise<SliceResult> {
  const file = openSync(current!, 'w');
  const target = fuzzTargets.find((candidate) => candidate.name === name)!;
  const crash = await fuzz(target, fuzzTargets, {
    seed: Number(seed),
    runs: Number(runs),
    maximumMilliseconds,
    // In one write, and never empty: the process may be killed at any time.
    onFile: (bytes) => writeSync(file, withLength(bytes), 0, bytes.length + lengthBytes, 0),
  });
  if (!crash) return {};
  const { bytes, error } = crash;
  return {
    crash: { bytes: [...bytes], error: error instanceof Error ? (error.stack ?? error.message) : String(error) },
  };
}

main(process.argv.slice(2)).then((result) => {
  process.stdout.write(JSON.stringify(result));
});
