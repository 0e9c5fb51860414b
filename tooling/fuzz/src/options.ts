import { parseArgs } from 'node:util';

export interface FuzzArguments {
  readonly help: boolean;
  readonly minutes: number;
  /** Part of the names of the readers; default: all. */
  readonly only?: string;
  /** Where the pseudo-random changes begin. Default: another one each time. */
  readonly seed: number;
}

/** A wrong command line: the message says what was expected. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const usage = `npm run fuzz -- [options]

Reads changed files with every reader (checkpoints, .tok, shard indices, configurations) until the time is up. A file
that ends in anything but tokens, tensors or a typed error, that takes over 2 s, or that ends the process, is made small
and kept under packages/core/test/attacks/crashes, where the unit tests read it again.

  --minutes <n>   how long (default 5)
  --only <text>   readers whose name contains it
  --seed <n>      begin at the same changes as before
  --help          this text

Exit codes: 0 nothing was found, 1 something was, 2 wrong usage.
`;

/**
 * @param given - Without node and script.
 * @throws {UsageError}
 */
export function parseOptions(given: readonly string[]): FuzzArguments {
  const { help, minutes = '5', only, seed } = parse(given);
  const time = Number(minutes);
  if (!(time > 0)) throw new UsageError(`--minutes: expected a number above 0, got ${minutes}`);
  const start = seed === undefined ? Date.now() % 2 ** 30 : Number(seed);
  if (!Number.isSafeInteger(start)) throw new UsageError(`--seed: expected a whole number, got ${seed}`);
  return { help: help === true, minutes: time, seed: start, ...(only !== undefined && { only }) };
}

function parse(given: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    const options = { help: { type: 'boolean' }, minutes: text, only: text, seed: text } as const;
    return parseArgs({ args: [...given], options }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
