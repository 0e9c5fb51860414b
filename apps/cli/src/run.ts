import { nearestNames } from '@tesserae/core';
import manifest from '../package.json';
import { UsageError, type Command } from './command';
import { commands } from './commands';
import { commandHelp, mainHelp } from './help';
import { describeError } from './output/describe-error';
import { createOutput } from './output/output';
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
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) {
    const near = nearestNames(
      name,
      commands.map((candidate) => candidate.name),
      1,
    )[0];
    process.stderr.write(`error: unknown command ${name}. Did you mean ${near}? tesserae --help lists all.\n`);
    return 2;
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(`${commandHelp(command)}\n`);
    return 0;
  }
  return runCommand(command, rest, signal);
}

async function runCommand(command: Command, given: readonly string[], signal: AbortSignal): Promise<number> {
  const verbose = given.includes('--verbose');
  try {
    const { options, positionals } = parseCommandLine(given, command.options);
    const dataOnStdout = options['out'] === '-' || (positionals.includes('-') && options['out'] === undefined);
    const output = createOutput({ json: options['json'] === true, quiet: options['quiet'] === true, dataOnStdout });
    return await command.run({ options, positionals, output, signal });
  } catch (error) {
    if (signal.aborted) return 130;
    process.stderr.write(`error: ${describeError(error, verbose)}\n`);
    if (error instanceof UsageError) process.stderr.write(`tesserae ${command.name} --help shows how.\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}
