import { InputError } from '@tesserae/core/data';

export interface RenderOptions {
  /** One number a token, 0..1, shown as color: its probability, how much it matters. Default: tokens take turns. */
  readonly values?: ArrayLike<number>;
  /** `html` (default): spans; `ansi`: for terminals with 24-bit color; `svg`: a picture. */
  readonly format?: 'html' | 'ansi' | 'svg';
  /** Characters of a line of the picture. Default 80. */
  readonly columns?: number;
}

/**
 * Shows tokens in color: red for 0, over yellow, to green for 1.
 *
 * @param pieces - Texts of the tokens, of `TextTokenizer.pieces`.
 * @throws {InputError} Another number of values, values outside 0..1, or a line without room.
 */
export function renderTokens(pieces: readonly string[], options: RenderOptions = {}): string {
  const { values, format = 'html', columns = 80 } = options;
  if (values && values.length !== pieces.length) {
    throw new InputError('values', `${pieces.length} numbers`, String(values.length));
  }
  if (!Number.isSafeInteger(columns) || columns < 1) {
    throw new InputError('columns', 'an integer of at least 1', String(columns));
  }
  const colors = pieces.map((_, index) => (values ? colorOf(values[index]!, index) : turns[index % turns.length]!));
  if (format === 'svg') return renderSvg(pieces, colors, columns);
  return pieces.map((piece, index) => (format === 'ansi' ? ansi : html)(piece, colors[index]!)).join('');
}

type Color = readonly [red: number, green: number, blue: number];

/** Colors of neighbours that have no values. */
const turns: readonly Color[] = [
  [198, 219, 239],
  [253, 224, 178],
  [199, 233, 192],
  [218, 208, 236],
];

function colorOf(value: number, index: number): Color {
  if (!(value >= 0 && value <= 1)) throw new InputError('values', 'numbers of 0..1', `${value} at ${index}`);
  const towards = (from: number, to: number, share: number) => Math.round(from + (to - from) * share);
  if (value < 0.5) return [250, towards(150, 240, 2 * value), 140];
  return [towards(250, 150, 2 * value - 1), towards(240, 225, 2 * value - 1), 140];
}

const hex = (color: Color) => `#${color.map((part) => part.toString(16).padStart(2, '0')).join('')}`;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Characters that XML does not have become U+FFFD. */
const escapeText = (text: string) =>
  text
    .replaceAll(/[&<>"]/gu, (character) => entities[character]!)
    // oxlint-disable-next-line no-control-regex -- these are what is replaced
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu, '\ufffd');

const html = (piece: string, color: Color) =>
  `<span style="background:${hex(color)};white-space:pre-wrap">${escapeText(piece)}</span>`;

/** Escape sequences of the text itself are not passed on. */
const ansi = (piece: string, [red, green, blue]: Color) =>
  `\u001b[48;2;${red};${green};${blue}m\u001b[30m${piece.replaceAll('\u001b', '\ufffd')}\u001b[0m`;

const [cellWidth, lineHeight] = [9, 22];

function renderSvg(pieces: readonly string[], colors: readonly Color[], columns: number): string {
  const parts: string[] = [];
  let [column, line] = [0, 0];
  for (const [index, piece] of pieces.entries()) {
    const shown = [...piece.replaceAll(/\r?\n/gu, '⏎')];
    for (let start = 0; start < shown.length;) {
      if (column >= columns) [column, line] = [0, line + 1];
      const run = shown.slice(start, start + columns - column);
      const [x, y] = [column * cellWidth, line * lineHeight];
      const size = `width="${run.length * cellWidth}" height="${lineHeight - 2}"`;
      parts.push(`<rect x="${x}" y="${y}" ${size} fill="${hex(colors[index]!)}"/>`);
      parts.push(`<text x="${x}" y="${y + 15}" xml:space="preserve">${escapeText(run.join(''))}</text>`);
      column += run.length;
      start += run.length;
    }
    if (piece.endsWith('\n')) [column, line] = [0, line + 1];
  }
  const size = `width="${columns * cellWidth}" height="${(line + 1) * lineHeight}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="monospace" font-size="15">${parts.join('')}</svg>`;
}
