import { styleText } from 'node:util';
import { choiceOption, type CommandContext } from '../command';
import { colorChoices } from './text-options';
import type { TokenCell } from './token-cells';
import { visibleText } from './visible-text';

const backgrounds = ['bgCyan', 'bgYellow', 'bgGreen', 'bgMagenta'] as const;

/** Whether standard output takes colors, or is to have them. @throws {UsageError} */
export function wantsColor(context: CommandContext): boolean {
  const choice = choiceOption(context, 'color', colorChoices) ?? 'auto';
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
