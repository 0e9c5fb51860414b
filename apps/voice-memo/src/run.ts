import { fileURLToPath } from 'node:url';
import { type Command, runCommand, serveCommand } from '@tesserae/cli/shared';
import { encodeCommand } from './command/encode';
import { playCommand } from './command/play';
import { pagePolicy } from './page/policy';

const program = 'voice-memo';

const commands: readonly Command[] = [
  encodeCommand,
  playCommand,
  serveCommand({
    program,
    folder: fileURLToPath(new URL('../dist/page', import.meta.url)),
    port: 4181,
    policy: pagePolicy,
  }),
];

const help = [
  'voice-memo: a spoken message as a string that fits into a link.',
  '',
  'Usage: voice-memo <command> [options]',
  '',
  'Commands:',
  ...commands.map(({ name, summary }) => `  ${name.padEnd(7)} ${summary}`),
  '',
  'voice-memo <command> --help says more.',
].join('\n');

/**
 * Runs a command line.
 *
 * @param given - Without `node` and the script.
 * @param signal - Aborted by Ctrl-C.
 * @returns Exit code: 0 done, 1 something failed, 2 wrong usage, 130 interrupted.
 */
export async function run(given: readonly string[], signal: AbortSignal): Promise<number> {
  const [word, ...rest] = given;
  const command = commands.find(({ name }) => name === word);
  if (command) return runCommand(command, rest, signal, program);
  const asked = word === '--help' || word === '-h';
  if (word !== undefined && !asked) process.stderr.write(`error: no command is called ${word}.\n`);
  process.stdout.write(asked || word === undefined ? `${help}\n` : '');
  return asked ? 0 : 2;
}
