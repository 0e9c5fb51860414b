import { renderTokens } from '@tesserae/text/analysis';
import type { TokenCell } from './token-cells';
import type { PageSection } from './tokens-page';
import { escapeHtml } from './tokens-page';
import { visibleText } from './visible-text';

/** Characters of a line, and pixels of what is around the tokens. */
const columns = 80;
const [lineHeight, gap] = [24, 16];

interface Drawn {
  readonly text: string;
  readonly width: number;
  readonly height: number;
}

/** A picture in SVG that shows tokens on alternating ground: what {@link tokensPage} shows, for documents. */
export function tokensPicture(sections: readonly PageSection[]): string {
  const drawn = sections.map(({ title, parts }) => {
    const inner = beside(
      parts.map(({ vocabulary, facts, cells }) => below([line(`${vocabulary}: ${facts}`), drawCells(cells)])),
    );
    return below([line(title, 'bold'), inner]);
  });
  const { text, width, height } = below(drawn);
  const size = `width="${width + 2 * gap}" height="${height + 2 * gap}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="monospace" font-size="15">\n<rect width="100%" height="100%" fill="#fff"/>\n${at(gap, gap, text)}\n</svg>\n`;
}

function line(text: string, weight = 'normal'): Drawn {
  const seen = escapeHtml(visibleText(text.replaceAll('\n', ' ')));
  return { text: `<text y="15" font-weight="${weight}">${seen}</text>`, width: columns * 9, height: lineHeight };
}

/** What stands for no text of its own, such as `[CLS]`, is shown as it is; what has no token is not shown. */
function drawCells(cells: readonly TokenCell[]): Drawn {
  const pieces = cells
    .filter(({ tokens }) => tokens.length > 0)
    .map(({ text }) => visibleText(text).replaceAll('↵\n', '\n'));
  const picture = renderTokens(pieces, { format: 'svg', columns });
  const [, width = '0', height = '0'] = /width="(\d+)" height="(\d+)"/.exec(picture) ?? [];
  return { text: picture, width: Number(width), height: Number(height) };
}

function below(parts: readonly Drawn[]): Drawn {
  let height = 0;
  const placed = parts.map((part) => {
    const text = at(0, height, part.text);
    height += part.height + gap / 2;
    return text;
  });
  return { text: placed.join('\n'), width: Math.max(0, ...parts.map(({ width }) => width)), height };
}

function beside(parts: readonly Drawn[]): Drawn {
  let width = 0;
  const placed = parts.map((part) => {
    const text = at(width, 0, part.text);
    width += part.width + gap;
    return text;
  });
  return {
    text: placed.join('\n'),
    width: Math.max(0, width - gap),
    height: Math.max(0, ...parts.map(({ height }) => height)),
  };
}

const at = (x: number, y: number, text: string): string => `<g transform="translate(${x} ${y})">${text}</g>`;
