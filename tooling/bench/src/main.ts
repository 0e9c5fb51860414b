import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArguments, usage, UsageError } from './arguments';
import { benchmarkImage } from './image';
import { loadPerCore } from './machine';
import { headLines, memoryLines, peakLines, rowLines, startLines } from './report';
import { failures } from './results';

/** Where the user stands, also under npm, which starts scripts in the folder of package.json. */
const base = process.env['INIT_CWD'] ?? process.cwd();
/** Above this, something else is running. */
const quietLoad = 0.25;

async function main(given: readonly string[]): Promise<number> {
  const options = parseArguments(given);
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const before = loadPerCore(1);
  const results = await benchmarkImage(options, say);
  const lines = [
    ...headLines(results),
    ...(before > quietLoad * results.machine.cores
      ? [`the machine was busy at the start (load ${before}): ratios count, times do not`]
      : []),
    '',
    ...rowLines(results),
    '',
    ...peakLines(results),
    '',
    ...memoryLines(results),
    '',
    ...startLines(results),
  ];
  console.log(lines.join('\n'));
  if (options.json !== undefined) {
    writeFileSync(resolve(base, options.json), `${JSON.stringify({ load: before, ...results }, null, 2)}\n`);
  }
  if (!options.check) return 0;
  const found = failures(results);
  found.forEach((problem) => console.log(`below its limit: ${problem}`));
  return found.length > 0 ? 1 : 0;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const isUsage = error instanceof UsageError;
    process.stderr.write(
      isUsage ? `${error.message}\n(npm run bench -- --help)\n` : `${String((error as Error).stack)}\n`,
    );
    process.exitCode = isUsage ? 2 : 1;
  },
);
