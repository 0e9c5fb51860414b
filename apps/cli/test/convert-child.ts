import { peakMemory } from '../../../packages/core/test/peak-memory';
import { run } from '../src/run';

// Converts, then says how much memory it took: the last line is the highest resident size in bytes.
process.exitCode = await run(['convert', ...process.argv.slice(2)], new AbortController().signal);
process.stdout.write(`${peakMemory()}\n`);
