import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { keepCrash } from '../../../packages/core/test/fuzz/crash-files';
import { fuzzTargets } from '../../../packages/core/test/fuzz/fuzz-targets';
import { type FuzzArguments, parseOptions, usage, UsageError } from './options';
import { runSlice } from './slice';

/** Changes in one process: a few seconds. */
const runsPerSlice = 10_000;
/** A slice that takes longer hangs. */
const maximumSeconds = 300;

async function main({ minutes, only = '', seed }: FuzzArguments): Promise<number> {
  const targets = fuzzTargets.filter(({ name }) => name.includes(only));
  if (targets.length === 0)
    throw new UsageError(
      `--only: no reader contains ${only}; there are ${fuzzTargets.map(({ name }) => name).join(', ')}`,
    );
  const folder = mkdtempSync(join(tmpdir(), 'tesserae-fuzz-'));
  const end = Date.now() + minutes * 60_000;
  const errors = new Set<string>();
  let slices = 0;
  try {
    while (Date.now() < end) {
      const target = targets[slices % targets.length]!;
      const { crash } = await runSlice({
        target: target.name,
        seed: seed + slices,
        runs: runsPerSlice,
        folder,
        maximumSeconds,
      });
      slices += 1;
      const line = crash?.error.split('\n').slice(0, 2).join(' ').trim();
      if (crash && line !== undefined && !errors.has(line)) {
        errors.add(line);
        const kept = keepCrash({ target: target.name, bytes: Uint8Array.from(crash.bytes) });
        console.log(`${target.name}: ${line}\n  ${relative(process.cwd(), kept)}`);
      }
      if (slices % targets.length === 0)
        console.log(`${slices * runsPerSlice} files read, ${errors.size} not survived`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`${targets.length} readers, ${slices * runsPerSlice} files, seed ${seed}: ${errors.size} not survived`);
  return errors.size === 0 ? 0 : 1;
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) process.stdout.write(usage);
  else process.exitCode = await main(options);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n(npm run fuzz -- --help)\n`);
  process.exitCode = 2;
}
