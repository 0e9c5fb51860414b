import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type CaseLocation, type CaseResult, disposeSharedEngines, runCase } from '@tesserae/core/test';
import { type ParityArguments, parseArguments, usage, UsageError } from './arguments';
import { resultLine, totalsLine, totalsOf } from './lines';
import { runnerOf } from './runners';
import { selectCases } from './select-cases';
import { runInChildren } from './worker-pool';

/** Where the user stands, also under npm, which starts scripts in the folder of package.json. */
const base = process.env['INIT_CWD'] ?? process.cwd();

async function main(given: readonly string[]): Promise<number> {
  const options = parseArguments(given);
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  const { cases, leftOut } = selectCases(options, base);
  const results = await runAll(cases, options);
  if (options.json !== undefined) {
    const report = { engine: options.engine, totals: totalsOf(results), leftOut, cases: results };
    writeFileSync(resolve(base, options.json), `${JSON.stringify(report, null, 2)}\n`);
  }
  if (cases.length === 0) process.stderr.write(`All ${leftOut} cases are at published size; add --full to run them.\n`);
  console.log(totalsLine(results));
  return results.some(({ status }) => status === 'FAIL') ? 1 : 0;
}

/** Lines come in order of the cases, as soon as all before them are done. */
async function runAll(cases: readonly CaseLocation[], options: ParityArguments): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = [];
  let printed = 0;
  const add = (index: number, result: CaseResult): void => {
    results[index] = result;
    for (let line = results[printed]; line; line = results[printed]) {
      console.log(resultLine(line));
      if (options.verbose && line.stack !== undefined) process.stderr.write(`${line.stack}\n`);
      printed += 1;
    }
  };
  if (options.jobs > 1) {
    await runInChildren(cases, options, add);
  } else {
    for (const [index, location] of cases.entries()) add(index, await runCase(location, runnerOf, options));
    await disposeSharedEngines();
  }
  return results;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const isUsage = error instanceof UsageError;
    process.stderr.write(
      isUsage ? `${error.message}\n(npm run parity -- --help)\n` : `${String((error as Error).stack)}\n`,
    );
    // The sum is always the last line, also when nothing ran.
    console.log(totalsLine([]));
    process.exitCode = isUsage ? 2 : 1;
  },
);
