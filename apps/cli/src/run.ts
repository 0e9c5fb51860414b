import { nearestNames } from '@tesserae/core/data';
import manifest from '../package.json';
import { isGroup, wordOf, type Command, type CommandGroup } from './command';
import { commands, hiddenCommands } from './commands';
import { commandHelp, groupHelp, mainHelp } from './help';
import { createOutput } from './output/output';
import { runCommand } from './run-command';

/**
 * Runs a command line.
 *
 * @param given - Without `node` and the script.
 * @param signal - Aborted by Ctrl-C.
 * @returns Exit code: 0 done, 1 something failed, 2 wrong usage, 130 interrupted.
 */
export async function run(given: readonly string[], signal: AbortSignal): Promise<number> {
  const [name] = given;
  if (name === '--version' || name === '-v') {
    process.stdout.write(`${manifest.version}\n`);
    return 0;
  }
  const help = mainHelp(manifest.version, commands);
  return choose(given, { help, prefix: 'tesserae', shown: commands, hidden: hiddenCommands }, signal);
}

/** What the next word of the command line may be. */
interface Choices {
  readonly help: string;
  /** The words before. */
  readonly prefix: string;
  readonly shown: readonly (Command | CommandGroup)[];
  readonly hidden: readonly Command[];
}

async function choose(
  given: readonly string[],
  { help, prefix, shown, hidden }: Choices,
  signal: AbortSignal,
): Promise<number> {
  const [word, ...rest] = given;
  if (word === undefined || word === '--help' || word === '-h' || word === 'help') {
    const asked = shown.find((entry) => wordOf(entry) === rest[0]);
    process.stdout.write(`${asked ? helpOf(asked) : help}\n`);
    return word === undefined ? 2 : 0;
  }
  const entry = [...shown, ...hidden].find((candidate) => wordOf(candidate) === word);
  if (!entry) {
    const [near] = nearestNames(word, shown.map(wordOf), 1);
    createOutput().error(`unknown command ${word}. Did you mean ${near}? ${prefix} --help lists all.`);
    return 2;
  }
  if (isGroup(entry)) {
    const inner = { help: groupHelp(entry), prefix: `${prefix} ${word}`, shown: entry.commands, hidden: [] };
    return choose(rest, inner, signal);
  }
  return runCommand(entry, rest, signal);
}

const helpOf = (entry: Command | CommandGroup): string => (isGroup(entry) ? groupHelp(entry) : commandHelp(entry));
