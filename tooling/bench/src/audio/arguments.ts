import type { EngineName } from '@tesserae/core';
import { type Direction, directions } from '../direction';
import { listOf, parseOptions, wholeNumber } from '../usage';
import { type ModelName, modelNames } from './models';

/** What the benchmark can run on; TensorFlow.js `cpu` takes minutes a clip and is left out. */
export const audioEngines = ['tfjs-node-gpu', 'onnx', 'tfjs-node', 'onnx-web', 'wasm'] as const satisfies EngineName[];
export type AudioEngine = (typeof audioEngines)[number];

export interface AudioArguments {
  readonly help: boolean;
  /** Command that starts a Python with PyTorch. */
  readonly python: string;
  /** Rounds of a row at most. */
  readonly runs: number;
  /** Seconds after which a row begins no further round. */
  readonly budget: number;
  readonly models: readonly ModelName[];
  readonly directions: readonly Direction[];
  /** Lengths of clips. */
  readonly seconds: readonly number[];
  readonly parts: readonly AudioPart[];
  readonly engines: readonly AudioEngine[];
  /** Default: physical cores. */
  readonly threads?: number;
  readonly json?: string;
  readonly check: boolean;
}

/** Parts of the benchmark. */
export const audioParts = ['speed', 'memory', 'stream', 'others'] as const;
export type AudioPart = (typeof audioParts)[number];

export const usage = `npm run bench -- audio [options]

Measures audio tokenizers at published size (random weights, one file for both sides) against the same graphs in
PyTorch, in turns; ids are compared first. Ratios above 1: ours is faster.

  --python <command>    a Python with PyTorch (default /usr/bin/python3; without one its columns are missing)
  --only <list>         ${modelNames.join(',')} (default all)
  --parts <list>        ${audioParts.join(',')} (default all)
                        speed: encode and decode; memory: of one run in a fresh process; stream: a step of Mimi and
                        EnCodec as a share of real time; others: transformers.js, or why it is left out
  --directions <list>   ${directions.join(',')} (default both)
  --seconds <list>      lengths of clips (default 10,60, with --quick 10)
  --engines <list>      ${audioEngines.join(',')} (default onnx)
  --runs <n>            rounds of every row at most (default 5, with --quick 2)
  --budget <seconds>    a row begins no further round after so long (default 40)
  --threads <n>         of both sides (default: physical cores)
  --json <file>         write everything that was measured as JSON as well
  --quick               short clips, two rounds
  --check               exit code 1 where a row is slower than PyTorch or takes more memory
  --help                this text

The weights stay in the temporary folder (up to 1.6 GB in all); it is named when they are written.`;

const optionsOfAudio = {
  python: { type: 'string' },
  only: { type: 'string' },
  parts: { type: 'string' },
  directions: { type: 'string' },
  seconds: { type: 'string' },
  engines: { type: 'string' },
  runs: { type: 'string' },
  budget: { type: 'string' },
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
export function readAudioArguments(given: readonly string[]): AudioArguments {
  const values = parseOptions(given, optionsOfAudio);
  const quick = values.quick ?? false;
  const seconds = (values.seconds ?? (quick ? '10' : '10,60')).split(',');
  return {
    help: values.help ?? false,
    python: values.python ?? '/usr/bin/python3',
    runs: wholeNumber('--runs', values.runs ?? (quick ? '2' : '5')),
    budget: wholeNumber('--budget', values.budget ?? '40'),
    models: listOf('--only', values.only ?? modelNames.join(), modelNames),
    directions: listOf('--directions', values.directions ?? directions.join(), directions),
    seconds: [...new Set(seconds.map((each) => wholeNumber('--seconds', each)))],
    parts: listOf('--parts', values.parts ?? audioParts.join(), audioParts),
    engines: listOf('--engines', values.engines ?? 'onnx', audioEngines),
    ...(values.threads !== undefined && { threads: wholeNumber('--threads', values.threads) }),
    ...(values.json !== undefined && { json: values.json }),
    check: values.check ?? false,
  };
}
