import type { Benchmark } from '../benchmark';
import { describeMachine } from '../machine';
import { speedRatio, spread } from '../statistics';
import { duration, percent, tableLines } from '../table';
import { parseOptions, wholeNumber } from '../usage';
import { measureNearest } from './nearest';

const usage = `npm run bench -- nearest [options]

The nearest code for 4096 vectors of 16 numbers against 65,536 codes, beside PyTorch, in turns. Ratio above 1: ours is faster.

  --python <command>  a Python with PyTorch (default /usr/bin/python3)
  --runs <n>          rounds (default 15)
  --threads <n>       of both sides (default: physical cores)
  --check             exit code 1 where PyTorch is faster or an id differs
  --help              this text`;

const optionsOfNearest = {
  python: { type: 'string' },
  runs: { type: 'string' },
  threads: { type: 'string' },
  check: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Search in a large codebook. */
export const nearestBenchmark: Benchmark = {
  summary: 'nearest code for 4096 vectors against 65,536 codes',
  async run(given, { say, print }) {
    const options = parseOptions(given, optionsOfNearest);
    if (options.help) {
      print([usage]);
      return 0;
    }
    const { cpu, cores, node } = describeMachine();
    const threads = options.threads === undefined ? cores : wholeNumber('--threads', options.threads);
    const python = options.python ?? '/usr/bin/python3';
    const measured = await measureNearest({ python, threads, runs: wholeNumber('--runs', options.runs ?? '15') }, say);
    const { ours, peer, peerReason, facts, rows, different } = measured;
    const ratio = peer && speedRatio(ours, peer);
    print([
      `${cpu}, ${cores} cores; Node ${node}, ${threads} threads`,
      facts ? `peer: PyTorch ${facts.torch}, BLAS ${facts.blas}` : `peer: none (${peerReason ?? 'not found'})`,
      '',
      ...tableLines(
        ['nearest code', 'ours', '±', 'PyTorch', '±', 'ratio', 'vectors at once', 'other ids'],
        [
          [
            '4096 x 16 in 65536 codes',
            duration(ours.median),
            percent(spread(ours) / 2),
            peer ? duration(peer.median) : '',
            peer ? percent(spread(peer) / 2) : '',
            ratio?.toFixed(2) ?? '',
            rows === undefined ? '' : String(rows),
            different === undefined ? '' : String(different),
          ],
        ],
      ),
    ]);
    const failed = (ratio !== undefined && ratio < 1) || (different !== undefined && different > 0);
    return options.check && failed ? 1 : 0;
  },
};
