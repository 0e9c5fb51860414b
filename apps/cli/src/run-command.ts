import { UsageError, type Command } from './command';
import { commandHelp } from './help';
import { describeError } from './output/describe-error';
import { errorFacts, isClosedPipe } from './output/failure';
import { createOutput, type Output } from './output/output';
import { parseCommandLine } from './parse-command-line';

/**
 * Runs one command, or shows its help.
 *
 * @param given - What stands behind its name.
 * @param signal - Aborted by Ctrl-C.
 * @param program - What the help calls the program.
 * @returns Exit code, as `run`.
 */
export async function runCommand(
  command: Command,
  given: readonly string[],
  signal: AbortSignal,
  program = 'tesserae',
): Promise<number> {
  const end = given.indexOf('--');
  const asked = end === -1 ? given : given.slice(0, end);
  if (asked.includes('--help') || asked.includes('-h')) {
    process.stdout.write(`${commandHelp(command, program)}\n`);
    return 0;
  }
  const json = given.includes('--json');
  const verbose = given.includes('--verbose') || Boolean(process.env['DEBUG']);
  let output = createOutput({ json });
  try {
    const { options, positionals } = parseCommandLine(given, command.options);
    const { out } = options;
    const writesData = Object.hasOwn(command.options, 'out');
    const byDefault = command.printsResult === true || positionals.includes('-');
    const dataOnStdout = writesData && (out === '-' || (out === undefined && byDefault));
    if (dataOnStdout && json && (out === '-' || command.printsResult !== true))
      throw new UsageError('--json and the result cannot both go to standard output: give --out.');
    output = createOutput({ json, quiet: options['quiet'] === true, dataOnStdout });
    return await command.run({ options, positionals, output, signal, verbose });
  } catch (error) {
    if (signal.aborted) return 130;
    const usage = [program, command.name].filter((word) => word !== '').join(' ');
    return fail(usage, error, output, verbose);
  }
}

function fail(usage: string, error: unknown, output: Output, verbose: boolean): number {
  const isUsage = error instanceof UsageError;
  if (isClosedPipe(error)) return 0;
  output.error(describeError(error, verbose && !isUsage));
  if (isUsage) process.stderr.write(`${usage} --help shows how.\n`);
  output.result({ error: errorFacts(error) });
  return isUsage ? 2 : 1;
}
