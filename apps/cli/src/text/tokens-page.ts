import type { TokenCell } from './token-cells';
import { visibleText } from './visible-text';

/** Tokens of a text by one vocabulary. */
export interface PagePart {
  readonly vocabulary: string;
  /** A line about it: `12 tokens`. */
  readonly facts: string;
  readonly cells: readonly TokenCell[];
}

/** Parts that stand side by side under a title. */
export interface PageSection {
  readonly title: string;
  readonly parts: readonly PagePart[];
}

const style = `
body { font: 16px/1.6 system-ui, sans-serif; margin: 2rem; color: #111; background: #fff }
.parts { display: flex; flex-wrap: wrap; gap: 2rem }
.part { flex: 1 1 24rem; min-width: 0 }
pre { font: 15px/1.8 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere }
pre span { border-radius: 3px; unicode-bidi: isolate }
.t0 { background: #bfe3ff } .t1 { background: #ffe7a8 } .t2 { background: #c9f0c4 } .t3 { background: #f5cdee }
.own { text-decoration: underline }
`;

/** A page of its own that shows tokens on alternating ground, with the ids of each when pointed at. Nothing in it runs. */
export function tokensPage(sections: readonly PageSection[]): string {
  return [
    '<!doctype html>',
    '<html lang="und">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width">',
    `<title>${escapeHtml(sections.map(({ title }) => title).join(', '))}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    ...sections.map(sectionHtml),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function sectionHtml({ title, parts }: PageSection): string {
  const inner = parts.map(
    ({ vocabulary, facts, cells }) =>
      `<div class="part">\n<h2>${escapeHtml(vocabulary)}</h2>\n<p>${escapeHtml(facts)}</p>\n<pre>${cellsHtml(cells)}</pre>\n</div>`,
  );
  return `<section>\n<h1>${escapeHtml(title)}</h1>\n<div class="parts">\n${inner.join('\n')}\n</div>\n</section>`;
}

function cellsHtml(cells: readonly TokenCell[]): string {
  let painted = 0;
  return cells
    .map(({ text, tokens, ofText }) => {
      const seen = escapeHtml(visibleText(text));
      if (tokens.length === 0) return seen;
      const title = tokens.map(({ id, token }) => `${id} ${visibleText(token)}`).join(', ');
      const kind = `t${painted++ % 4}${ofText ? '' : ' own'}`;
      return `<span class="${kind}" title="${escapeHtml(title)}">${seen}</span>`;
    })
    .join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as content or attribute of HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}
