import type { Benchmark } from '../benchmark';
import { finishBenchmark } from '../finish-benchmark';
import { readAudioArguments, usage } from './arguments';
import { benchmarkAudio } from './audio';
import { headLines, memoryLines, missingLines, rowLines, streamLines } from './report';
import { failures } from './results';

/** Audio tokenizers at published size. */
export const audioBenchmark: Benchmark = {
  summary: 'WavTokenizer, EnCodec, DAC and Mimi at published size',
  async run(given, output) {
    const options = readAudioArguments(given);
    if (options.help) {
      output.print([usage]);
      return 0;
    }
    const measure = async () => {
      const results = await benchmarkAudio(options, output.say);
      const tables = [rowLines, memoryLines, streamLines, missingLines]
        .map((lines) => lines(results))
        .filter((lines) => lines.length > 0)
        .flatMap((lines) => ['', ...lines]);
      return { results, lines: [...headLines(results), ...tables], failures: failures(results) };
    };
    return finishBenchmark(measure, options, output);
  },
};
