import type { ArgsDef } from 'citty';
import type { Output } from './output/output';

export type ArgumentValue = string | boolean | undefined;

export interface CommandContext {
  /** Options by name, as typed on the command line. */
  readonly options: Readonly<Record<string, ArgumentValue>>;
  readonly positionals: readonly string[];
  readonly output: Output;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Errors with their stack: `--verbose`, or `DEBUG` in the environment. */
  readonly verbose: boolean;
}

/** One subcommand of `tesserae`. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** What stands after the name in the usage line: `<files…>`. */
  readonly operands: string;
  readonly options: ArgsDef;
  /** Complete command lines for `--help`. */
  readonly examples: readonly string[];
  /**
   * What is made goes to standard output, and into the document of `--json`, where `--out` is not given. Default: only
   * for standard input.
   */
  readonly printsResult?: boolean;
  /** @returns Exit code: 0, or 1 where an item failed. @throws UsageError, or any typed error of the libraries. */
  run(context: CommandContext): Promise<number>;
}

/** Commands under one word: `tesserae text encode` has the name `text encode` in the group `text`. */
export interface CommandGroup {
  readonly name: string;
  readonly summary: string;
  readonly commands: readonly Command[];
}

export const isGroup = (entry: Command | CommandGroup): entry is CommandGroup => 'commands' in entry;

/** What is typed for a command within its group. */
export const wordOf = ({ name }: Pick<Command, 'name'>): string => name.slice(name.lastIndexOf(' ') + 1);

/** The command line itself is wrong: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export function textOption({ options }: CommandContext, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

export function flag({ options }: CommandContext, name: string): boolean {
  return options[name] === true;
}

/** A whole number of at least 1. @throws {UsageError} */
export function countOption(context: CommandContext, name: string): number | undefined {
  const text = textOption(context, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new UsageError(`--${name}: expected a whole number of at least 1, got ${text}.`);
  return value;
}

/** One of a list. @throws {UsageError} */
export function choiceOption<Choice extends string>(
  context: CommandContext,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  const text = textOption(context, name);
  if (text === undefined) return undefined;
  const found = choices.find((choice) => choice === text);
  if (found === undefined) throw new UsageError(`--${name}: expected ${choices.join(', ')}, got ${text}.`);
  return found;
}

/** A whole number of at least 0. @throws {UsageError} */
export function sizeOption(context: CommandContext, name: string): number | undefined {
  return textOption(context, name) === '0' ? 0 : countOption(context, name);
}

/** The model of commands that are not told one. */
export const defaultModel = 'image-starter';

/** Options that every command takes. */
export const commonOptions: ArgsDef = {
  json: { type: 'boolean', description: 'One JSON document on standard output, nothing else' },
  quiet: { type: 'boolean', description: 'Errors only' },
  verbose: { type: 'boolean', description: 'Errors with their stack (also: DEBUG=1)' },
  help: { type: 'boolean', alias: 'h', description: 'This text' },
};

/** Options of the commands that may download weights. */
export const downloadOptions: ArgsDef = {
  'accept-license': {
    type: 'boolean',
    description: 'Download weights that are not free for every use without asking',
  },
};

/** Options of the commands that load a model. */
export const modelOptions: ArgsDef = {
  ...downloadOptions,
  folder: { type: 'string', valueHint: 'path', description: "Folder that holds the preset's weight file" },
  engine: {
    type: 'string',
    valueHint: 'name',
    description: 'auto, onnx, onnx-web, tfjs-node, tfjs-node-gpu, wasm or cpu (default: auto)',
  },
};
