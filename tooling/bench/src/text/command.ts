import { writeFileSync } from 'node:fs';
import type { Benchmark } from '../benchmark';
import { readTextArguments, usage } from './arguments';
import { measureText } from './measure-text';
import { reportLines } from './report';
import { missedLimits } from './thresholds';

/** The text package beside the tokenizers of others. */
export const textBenchmark: Benchmark = {
  summary: 'text tokenizers beside those of others: speed, load, worst cases, training',
  async run(given, { say, print, pathOf }) {
    const order = readTextArguments(given);
    if (order.help) {
      print([usage]);
      return 0;
    }
    const corpus = order.corpus === undefined ? {} : { corpus: pathOf(order.corpus) };
    const results = await measureText({ ...order, ...corpus }, say);
    const missed = missedLimits(results);
    print([...reportLines(results), '', ...missed.map((sentence) => `missed: ${sentence}`)]);
    if (missed.length === 0) print(['all limits are kept']);
    if (order.json !== undefined) {
      writeFileSync(pathOf(order.json), `${JSON.stringify({ ...results, missed }, null, 2)}\n`);
    }
    return order.check && missed.length > 0 ? 1 : 0;
  },
};
