import type { EngineName } from '@tesserae/core';
import { listOf, parseOptions, wholeNumber } from '../usage';
import { modelNames, type ModelName } from './models';

/** What the benchmark can run on; TensorFlow.js `cpu` takes minutes a picture and is left out. */
export const benchmarkEngines = [
  'tfjs-node-gpu',
  'onnx',
  'tfjs-node',
  'onnx-web',
  'wasm',
] as const satisfies EngineName[];
export type BenchmarkEngine = (typeof benchmarkEngines)[number];

export interface BenchmarkArguments {
  readonly help: boolean;
  /** Command that starts a Python with PyTorch. */
  readonly python: string;
  readonly runs: number;
  readonly models: readonly ModelName[];
  readonly batches: readonly number[];
  /** Undefined: whatever is available. */
  readonly engines?: readonly BenchmarkEngine[];
  /** Default: physical cores. */
  readonly threads?: number;
  readonly json?: string;
  readonly quick: boolean;
  readonly check: boolean;
}

export const usage = `npm run bench -- image [options]

Measures TiTok and One-D-Piece at full size (random weights, one file for both sides) against the same graphs in
PyTorch, in turns. Ratios above 1: we are faster.

  --python <command>  a Python with PyTorch (default /usr/bin/python3; without one its columns are missing)
  --runs <n>          rounds of every row (default 7, with --quick 3; slow engines at most 3)
  --models <list>     ${modelNames.join(',')} (default all, with --quick titok-s128)
  --batches <list>    pictures at a time (default 1,4)
  --engines <list>    ${benchmarkEngines.join(',')} (default auto: all that work here)
  --threads <n>       of both sides (default: physical cores)
  --json <file>       write everything that was measured as JSON as well
  --quick             one small model, three rounds
  --check             exit code 1 where a row is slower than PyTorch, or start or memory miss their limits
  --help              this text

The weights stay in the temporary folder (up to 6.3 GB in all); it is named when they are written.
`;

const optionsOfImage = {
  python: { type: 'string' },
  runs: { type: 'string' },
  models: { type: 'string' },
  batches: { type: 'string' },
  engines: { type: 'string' },
  threads: { type: 'string' },
  json: { type: 'string' },
  quick: { type: 'boolean' },
  check: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/**
 * @param given - What follows the name of the benchmark.
 * @throws {UsageError}
 */
export function parseArguments(given: readonly string[]): BenchmarkArguments {
  const values = parseOptions(given, optionsOfImage);
  const help = values.help ?? false;
  const quick = values.quick ?? false;
  const engines = values.engines ?? 'auto';
  return {
    help,
    python: values.python ?? '/usr/bin/python3',
    runs: wholeNumber('--runs', values.runs ?? (quick ? '3' : '7')),
    models: listOf('--models', values.models ?? (quick ? 'titok-s128' : modelNames.join()), modelNames),
    batches: (values.batches ?? '1,4').split(',').map((batch) => wholeNumber('--batches', batch)),
    ...(engines !== 'auto' && { engines: listOf('--engines', engines, benchmarkEngines) }),
    ...(values.threads !== undefined && { threads: wholeNumber('--threads', values.threads) }),
    ...(values.json !== undefined && { json: values.json }),
    quick,
    check: values.check ?? false,
  };
}
