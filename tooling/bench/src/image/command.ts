import type { Benchmark } from '../benchmark';
import { finishBenchmark } from '../finish-benchmark';
import { parseArguments, usage } from './arguments';
import { benchmarkImage } from './image';
import { headLines, memoryLines, peakLines, rowLines, startLines } from './report';
import { failures } from './results';

/** The one-dimensional picture tokenizers at full size. */
export const imageBenchmark: Benchmark = {
  summary: 'TiTok and One-D-Piece at full size',
  async run(given, output) {
    const options = parseArguments(given);
    if (options.help) {
      output.print([usage.trimEnd()]);
      return 0;
    }
    const measure = async () => {
      const results = await benchmarkImage(options, output.say);
      const tables = [rowLines, peakLines, memoryLines, startLines].flatMap((lines) => ['', ...lines(results)]);
      return { results, lines: [...headLines(results), ...tables], failures: failures(results) };
    };
    return finishBenchmark(measure, options, output);
  },
};
