import { runCommand } from '@tesserae/cli/shared';
import { fitCommand } from './command/fit';
import { serveCommand } from './command/serve';

const program = 'prompt-budget';

/**
 * Runs a command line: `serve` opens the page, anything else fits documents.
 *
 * @param given - Without `node` and the script.
 * @param signal - Aborted by Ctrl-C.
 * @returns Exit code: 0 done, 1 something failed, 2 wrong usage, 130 interrupted.
 */
export async function run(given: readonly string[], signal: AbortSignal): Promise<number> {
  const [word, ...rest] = given;
  if (word === serveCommand.name) return runCommand(serveCommand, rest, signal, program);
  if (word === undefined) {
    await runCommand(fitCommand, ['--help'], signal, program);
    return 2;
  }
  return runCommand(fitCommand, given, signal, program);
}
