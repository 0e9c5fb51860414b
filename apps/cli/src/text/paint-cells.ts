import { styleText } from 'node:util';
import type { ArgsDef } from 'citty';
import { choiceOption, type CommandContext } from '../command';
import type { TokenCell } from './token-cells';
import { visibleText } from './visible-text';

const choices = ['auto', 'always', 'never'] as const;
const backgrounds = ['bgCyan', 'bgYellow', 'bgGreen', 'bgMagenta'] as const;

/** Options of the commands that show tokens. */
export const colorOptions: ArgsDef = {
  color: {
    type: 'string',
    valueHint: choices.join('|'),
    description: 'Tokens on colored ground, or in brackets (default: colored on a terminal)',
  },
};

/** Whether standard output takes colors, or is to have them. @throws {UsageError} */
export function wantsColor(context: CommandContext): boolean {
  const choice = choiceOption(context, 'color', choices) ?? 'auto';
  if (choice !== 'auto') return choice === 'always';
  return process.stdout.isTTY === true && process.stdout.hasColors();
}

/** Tokens as text: on alternating ground, or each in brackets; what stands for no text is underlined. */
export function paintCells(cells: readonly TokenCell[], color: boolean): string {
  let painted = 0;
  return cells
    .map(({ text, tokens, ofText }) => {
      const seen = visibleText(text);
      if (tokens.length === 0) return seen;
      if (!color) return `[${seen}]`;
      const ground = backgrounds[painted++ % backgrounds.length]!;
      const style = ofText ? (['black', ground] as const) : (['black', 'underline', ground] as const);
      // Line by line: the ground would else run to the edge of the terminal.
      return seen.replace(/[^\n]+/g, (line) => styleText([...style], line, { validateStream: false }));
    })
    .join('');
}
