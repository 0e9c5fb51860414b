import { resolve } from 'node:path';
import { audioBenchmark } from './audio/command';
import type { Benchmark } from './benchmark';
import { imageBenchmark } from './image/command';
import { nearestBenchmark } from './nearest/command';
import { textBenchmark } from './text/command';
import { UsageError } from './usage';

/** Where the user stands, also under npm, which starts scripts in the folder of package.json. */
const base = process.env['INIT_CWD'] ?? process.cwd();

const benchmarks: Readonly<Record<string, Benchmark>> = {
  audio: audioBenchmark,
  image: imageBenchmark,
  nearest: nearestBenchmark,
  text: textBenchmark,
};

async function main([name, ...given]: readonly string[]): Promise<number> {
  const rows = Object.entries(benchmarks).map(([each, { summary }]) => `  ${each.padEnd(9)} ${summary}`);
  if (name === '--help' || name === '-h') {
    process.stdout.write(`npm run bench -- <name> [options]; npm run bench -- <name> --help\n\n${rows.join('\n')}\n`);
    return 0;
  }
  const benchmark = name !== undefined && Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
  if (!benchmark)
    throw new UsageError(`expected the benchmark ${Object.keys(benchmarks).join(' or ')}, got ${name ?? 'nothing'}`);
  return benchmark.run(given, {
    say: (text) => process.stderr.write(`${text}\n`),
    print: (lines) => console.log(lines.join('\n')),
    pathOf: (file) => resolve(base, file),
  });
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
