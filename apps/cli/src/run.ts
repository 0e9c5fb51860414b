import { nearestNames } from '@tesserae/core';
import manifest from '../package.json';
import { UsageError, type Command } from './command';
import { commands, hiddenCommands } from './commands';
import { commandHelp, mainHelp } from './help';
import { describeError } from './output/describe-error';
import { errorFacts, isClosedPipe } from './output/failure';
import { createOutput, type Output } from './output/output';
import { parseCommandLine } from './parse-command-line';

/**
 * Runs a command line.
 *
 * @param given - Without `node` and the script.
 * @param signal - Aborted by Ctrl-C.
 * @returns Exit code: 0 done, 1 something failed, 2 wrong usage, 130 interrupted.
 */
export async function run(given: readonly string[], signal: AbortSignal): Promise<number> {
  const [name, ...rest] = given;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const asked = commands.find((command) => command.name === rest[0]);
    process.stdout.write(`${asked ? commandHelp(asked) : mainHelp(manifest.version, commands)}\n`);
    return name === undefined ? 2 : 0;
  }
  if (name === '--version' || name === '-v') {
    process.stdout.write(`${manifest.version}\n`);
    return 0;
  }
  const command = [...commands, ...hiddenCommands].find((candidate) => candidate.name === name);
  if (!command) {
    const names = commands.map((candidate) => candidate.name);
    const [near] = nearestNames(name, names, 1);
    createOutput().error(`unknown command ${name}. Did you mean ${near}? tesserae --help lists all.`);
    return 2;
  }
  const end = rest.indexOf('--');
  const options = end === -1 ? rest : rest.slice(0, end);
  if (options.includes('--help') || options.includes('-h')) {
    process.stdout.write(`${commandHelp(command)}\n`);
    return 0;
  }
  return runCommand(command, rest, signal);
}

async function runCommand(command: Command, given: readonly string[], signal: AbortSignal): Promise<number> {
  const json = given.includes('--json');
  const verbose = given.includes('--verbose') || Boolean(process.env['DEBUG']);
  let output = createOutput({ json });
  try {
    const { options, positionals } = parseCommandLine(given, command.options);
    const writesData = Object.hasOwn(command.options, 'out');
    const toStdout = options['out'] === '-' || (positionals.includes('-') && options['out'] === undefined);
    const dataOnStdout = writesData && toStdout;
    if (dataOnStdout && json)
      throw new UsageError('--json and the result cannot both go to standard output: give --out.');
    output = createOutput({ json, quiet: options['quiet'] === true, dataOnStdout });
    return await command.run({ options, positionals, output, signal, verbose });
  } catch (error) {
    if (signal.aborted) return 130;
    return fail(command, error, output, verbose);
  }
}

function fail(command: Command, error: unknown, output: Output, verbose: boolean): number {
  const isUsage = error instanceof UsageError;
  if (isClosedPipe(error)) return 0;
  output.error(describeError(error, verbose && !isUsage));
  if (isUsage) process.stderr.write(`tesserae ${command.name} --help shows how.\n`);
  output.result({ error: errorFacts(error) });
  return isUsage ? 2 : 1;
}
