import { parseArgs } from 'node:util';
import type { EngineName } from '@tesserae/core';
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

/** A wrong command line: the message says what was expected. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
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

/**
 * @param given - Without node, script and the name of the benchmark.
 * @throws {UsageError}
 */
export function parseArguments(given: readonly string[]): BenchmarkArguments {
  const { values, positionals } = parse(given);
  const [name, ...rest] = positionals;
  const help = values.help ?? false;
  if (!help && (name !== 'image' || rest.length > 0)) {
    throw new UsageError(`expected the benchmark image, got ${positionals.join(' ') || 'nothing'}`);
  }
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

function parse(given: readonly string[]) {
  try {
    return parseArgs({
      args: [...given],
      allowPositionals: true,
      options: {
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
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 1000) return value;
  throw new UsageError(`${option}: expected a whole number from 1 to 1000, got ${text || 'nothing'}`);
}

function listOf<Name extends string>(option: string, text: string, allowed: readonly Name[]): readonly Name[] {
  const names = text.split(',').map((name) => name.trim());
  for (const name of names) {
    if (!(allowed as readonly string[]).includes(name))
      throw new UsageError(`${option}: expected ${allowed.join(', ')}, got ${name || 'an empty name'}`);
  }
  return [...new Set(names)] as Name[];
}
