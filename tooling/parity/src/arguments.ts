import { parseArgs } from 'node:util';
import { isParityModality, type ParityModality, parityModalities } from '@tesserae/core/test';

const engines = ['auto', 'tfjs-node-gpu', 'onnx', 'tfjs-node', 'onnx-web', 'webgpu', 'wasm', 'cpu'] as const;
export type EngineChoice = (typeof engines)[number];

export interface ParityArguments {
  readonly help: boolean;
  /** As given; undefined = the committed cases. */
  readonly folder?: string;
  readonly engine: EngineChoice;
  /** `image`, `image/titok` or `image/titok/legacy-n6`; empty = all. */
  readonly only: readonly string[];
  readonly jobs: number;
  /** File for the results, as given. */
  readonly json?: string;
  readonly full: boolean;
  readonly modality?: ParityModality;
  readonly verbose: boolean;
}

/** A wrong command line: the message says what was expected. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const usage = `npm run parity -- [folder] [options]

Runs the parity cases below a folder (default: the committed ones) against what the official code computed.
A case is a folder with a case.json; its modality is the nearest folder above that is named like a package.

  --engine <name>     ${engines.join(', ')} (default auto)
  --only <list>       image/titok,audio or image/titok/legacy-n6: only these, separated by commas
  --jobs <n>          so many processes side by side (default 1)
  --json <file>       write the results as JSON as well
  --full              also cases at published size: gigabytes, minutes, weights generated into the temporary folder
  --modality <name>   ${parityModalities.join(', ')}: of all cases, whatever their folders say
  --verbose           where an error was thrown
  --help              this text

Every line begins with ok, FAIL, skip or "not implemented" (a system without a runner, which is not counted).
The last line is the sum. Exit code 1 when a case failed, 2 when the command line is wrong or no case was found.
`;

/**
 * @param given - Without node and script.
 * @throws {UsageError}
 */
export function parseArguments(given: readonly string[]): ParityArguments {
  const { values, positionals } = parse(given);
  if (positionals.length > 1) throw new UsageError(`expected one folder, got ${positionals.join(', ')}`);
  const engine = values.engine ?? 'auto';
  if (!isEngine(engine)) throw new UsageError(`--engine: expected ${engines.join(', ')}, got ${engine}`);
  const { modality } = values;
  if (modality !== undefined && !isParityModality(modality)) {
    throw new UsageError(`--modality: expected ${parityModalities.join(', ')}, got ${modality}`);
  }
  const jobs = Number(values.jobs ?? '1');
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > 64) {
    throw new UsageError(`--jobs: expected a whole number from 1 to 64, got ${values.jobs}`);
  }
  const only = (values.only ?? []).flatMap((list) => list.split(',')).map((entry) => entry.trim().replace(/\/+$/, ''));
  if (only.includes('')) throw new UsageError('--only: expected names such as image/titok, got an empty one');
  return {
    help: values.help ?? false,
    ...(positionals[0] === undefined ? {} : { folder: positionals[0] }),
    engine,
    only,
    jobs,
    ...(values.json === undefined ? {} : { json: values.json }),
    full: values.full ?? false,
    ...(modality === undefined ? {} : { modality }),
    verbose: values.verbose ?? false,
  };
}

function parse(given: readonly string[]) {
  try {
    return parseArgs({
      args: [...given],
      allowPositionals: true,
      options: {
        engine: { type: 'string' },
        only: { type: 'string', multiple: true },
        jobs: { type: 'string' },
        json: { type: 'string' },
        full: { type: 'boolean' },
        modality: { type: 'string' },
        verbose: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function isEngine(name: string): name is EngineChoice {
  return (engines as readonly string[]).includes(name);
}

/** Whether a case id is one of those that `--only` names, whole or by its beginning. */
export function isWanted(id: string, only: readonly string[]): boolean {
  return only.length === 0 || only.some((entry) => id === entry || id.startsWith(`${entry}/`));
}
