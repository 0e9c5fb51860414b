import { writeFileSync } from 'node:fs';
import type { Benchmark } from '../benchmark';
import { loadPerCore } from '../machine';
import { parseArguments, usage } from './arguments';
import { benchmarkImage } from './image';
import { headLines, memoryLines, peakLines, rowLines, startLines } from './report';
import { failures } from './results';

/** Above this, something else is running. */
const quietLoad = 0.25;

/** The one-dimensional picture tokenizers at full size. */
export const imageBenchmark: Benchmark = {
  summary: 'TiTok and One-D-Piece at full size',
  async run(given, { say, print, pathOf }) {
    const options = parseArguments(given);
    if (options.help) {
      print([usage.trimEnd()]);
      return 0;
    }
    const before = loadPerCore(1);
    const results = await benchmarkImage(options, say);
    print([
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
    ]);
    if (options.json !== undefined) {
      writeFileSync(pathOf(options.json), `${JSON.stringify({ load: before, ...results }, null, 2)}\n`);
    }
    if (!options.check) return 0;
    const found = failures(results);
    print(found.map((problem) => `below its limit: ${problem}`));
    return found.length > 0 ? 1 : 0;
  },
};
