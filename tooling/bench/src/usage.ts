import { parseArgs, type ParseArgsConfig } from 'node:util';

/** A wrong command line: the message says what was expected. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws {UsageError} No whole number from 1 to 1000. */
export function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 1000) return value;
  throw new UsageError(`${option}: expected a whole number from 1 to 1000, got ${text || 'nothing'}`);
}

/** Names of a comma-separated list, each once. @throws {UsageError} A name that is not allowed. */
export function listOf<Name extends string>(option: string, text: string, allowed: readonly Name[]): readonly Name[] {
  const names = text.split(',').map((name) => name.trim());
  for (const name of names) {
    if (!(allowed as readonly string[]).includes(name))
      throw new UsageError(`${option}: expected ${allowed.join(', ')}, got ${name || 'an empty name'}`);
  }
  return [...new Set(names)] as Name[];
}

/** Options and nothing else. @throws {UsageError} An unknown option, or an operand. */
export function parseOptions<Options extends NonNullable<ParseArgsConfig['options']>>(
  given: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...given], options }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}
