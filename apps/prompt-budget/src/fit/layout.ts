import type { BudgetDocument, FullSettings, Kept, Layout } from './documents';

/** Where a document stands in a prompt, in UTF-16 units, its heading or tags included. */
export interface DocumentRange {
  /** Place in the list of documents. */
  readonly document: number;
  readonly start: number;
  readonly end: number;
}

/** A prompt and where its documents are. */
export interface LaidPrompt {
  readonly text: string;
  readonly ranges: readonly DocumentRange[];
}

type LayoutSettings = Pick<FullSettings, 'layout' | 'marker' | 'before' | 'after'>;

/**
 * Puts what is kept of documents into a prompt, in their order, an empty line between them.
 *
 * @param kept - One a document; undefined leaves it out.
 */
export function layPrompt(
  settings: LayoutSettings,
  documents: readonly BudgetDocument[],
  kept: readonly (Kept | undefined)[],
): LaidPrompt {
  const ranges: DocumentRange[] = [];
  const parts: string[] = [];
  let length = 0;
  const add = (part: string) => {
    const separated = parts.length === 0 ? part : separator(parts.at(-1)!) + part;
    parts.push(separated);
    length += separated.length;
    return length - part.length;
  };
  if (settings.before !== '') add(settings.before);
  for (const [index, document] of documents.entries()) {
    const part = kept[index];
    if (part === undefined) continue;
    const start = add(documentPart(settings.layout, document.name, keptText(document.text, part, settings.marker)));
    ranges.push({ document: index, start, end: length });
  }
  if (settings.after !== '') add(settings.after);
  return { text: parts.join(''), ranges };
}

/** What is kept of a text, with the marker where something is missing. */
export function keptText(text: string, { head, tail }: Kept, marker: string): string {
  if (head + tail >= text.length) return text;
  return text.slice(0, head) + marker + text.slice(text.length - tail);
}

/** A document as it stands in a prompt. */
export function documentPart(layout: Layout, name: string, body: string): string {
  const title = name.replaceAll(/\s+/gu, ' ').trim();
  if (layout === 'headings') return `## ${title}\n\n${body}`;
  if (layout === 'tags') return `<document name="${escapeAttribute(title)}">\n${lineEnded(body)}</document>`;
  return body;
}

/** What makes an empty line between a part and the next. */
function separator(before: string): string {
  if (before.endsWith('\n\n')) return '';
  return before.endsWith('\n') ? '\n' : '\n\n';
}

const lineEnded = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);

const escapeAttribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
