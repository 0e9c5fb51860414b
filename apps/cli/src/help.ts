import type { ArgDef } from 'citty';
import { wordOf, type Command, type CommandGroup } from './command';

const environment = [
  ['TESSERAE_ENGINE', 'engine instead of auto'],
  ['TESSERAE_THREADS', 'threads of the compiled engine'],
  ['HF_HUB_CACHE, HF_HOME', 'where downloaded weights lie; XDG_CACHE_HOME/tesserae for others'],
  ['HF_TOKEN, HF_ENDPOINT', 'access token; a mirror of the hub'],
  ['HF_HUB_OFFLINE', '1 opens no connection'],
  ['HTTPS_PROXY, NO_PROXY', 'the way out'],
] as const;

/** `tesserae --help`. */
export function mainHelp(version: string, commands: readonly (Command | CommandGroup)[]): string {
  return [
    `tesserae ${version}: pictures, sounds and text into tokens and back.`,
    '',
    'Usage: tesserae <command> [options]',
    '',
    'Commands:',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(9)} ${summary}`),
    '',
    'Examples:',
    '  tesserae encode photo.jpg            # writes photo.tok',
    '  tesserae decode photo.tok            # writes photo.png',
    '  tesserae compare photo.jpg photo.tok',
    '  tesserae encode speech.flac --model mimi',
    '  tesserae text count "docs/*.md"',
    '',
    'Environment:',
    ...environment.map(([name, meaning]) => `  ${name.padEnd(22)} ${meaning}`),
    '',
    'Exit codes: 0 done, 1 something failed, 2 wrong usage, 130 interrupted.',
    'tesserae <command> --help says more.',
  ].join('\n');
}

/** `tesserae text --help`. */
export function groupHelp({ name, summary, commands }: CommandGroup): string {
  const words = commands.map(wordOf);
  const width = Math.max(...words.map(({ length }) => length));
  return [
    `${summary}.`,
    '',
    `Usage: tesserae ${name} <command> [options]`,
    '',
    'Commands:',
    ...commands.map((command, index) => `  ${words[index]!.padEnd(width)}  ${command.summary}`),
    '',
    'Examples:',
    ...commands.map(({ examples }) => `  ${examples[0]}`),
    '',
    `tesserae ${name} <command> --help says more.`,
  ].join('\n');
}

/** `tesserae encode --help`. */
export function commandHelp({ name, summary, operands, options, examples }: Command, program = 'tesserae'): string {
  const rows = Object.entries(options).map(
    ([option, definition]) => [optionText(option, definition), definition.description ?? ''] as const,
  );
  const width = Math.max(...rows.map(([text]) => text.length));
  return [
    `${summary}.`,
    '',
    ['Usage:', program, name, operands, '[options]'].filter((word) => word !== '').join(' '),
    '',
    'Options:',
    ...rows.map(([text, description]) => `  ${text.padEnd(width)}  ${description}`),
    '',
    'Examples:',
    ...examples.map((example) => `  ${example}`),
  ].join('\n');
}

function optionText(name: string, definition: ArgDef): string {
  const alias = 'alias' in definition && typeof definition.alias === 'string' ? `-${definition.alias}, ` : '';
  const hint = definition.valueHint === undefined ? '' : ` <${definition.valueHint}>`;
  return `${alias}--${name}${hint}`;
}
