/** One `Files:` paragraph of a machine-readable `debian/copyright`. */
export interface CopyrightStanza {
  /** Shell patterns, in which `*` also matches `/`. */
  readonly patterns: readonly string[];
  /** Holders as written, one line each. */
  readonly copyright: readonly string[];
  /** Short name on the first line of `License:`. */
  readonly licence: string;
  /** Free text; gcompris keeps the address of the original there. */
  readonly comment: string;
}

/** Where a package's `copyright` says who made a file, under which terms. */
export interface FileCopyright {
  readonly author: string;
  readonly licence: string;
  readonly comment: string;
}

/**
 * Reads the `Files:` paragraphs of a `debian/copyright` in the machine-readable format; other paragraphs are left out.
 *
 * @returns Paragraphs in the order of the file; empty if the text is not in that format.
 * @see https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
 */
export function parseDebianCopyright(text: string): readonly CopyrightStanza[] {
  if (!/^Format(-Specification)?:/m.test(text)) return [];
  const stanzas: CopyrightStanza[] = [];
  for (const paragraph of text.replaceAll('\r\n', '\n').split(/\n[ \t]*\n/)) {
    const fields = fieldsOf(paragraph);
    const files = fields.get('files');
    if (files === undefined) continue;
    const lines = (fields.get('copyright') ?? '').split('\n');
    stanzas.push({
      patterns: files.split(/\s+/).filter((pattern) => pattern !== ''),
      copyright: lines.map((line) => line.trim()).filter((line) => line !== ''),
      licence: (fields.get('license') ?? '').split('\n')[0]!.trim(),
      comment: (fields.get('comment') ?? '').trim(),
    });
  }
  return stanzas;
}

/**
 * What the stanzas say about a file: the last one that matches counts.
 *
 * @param path - Path in the source tree, without a leading `./`.
 * @param options - `byStem`: compare without the extension, for packages that ship pictures in another format than
 *   their `copyright` lists.
 */
export function copyrightOf(
  stanzas: readonly CopyrightStanza[],
  path: string,
  { byStem = false }: { readonly byStem?: boolean } = {},
): FileCopyright | undefined {
  const subject = byStem ? stemOf(path) : path;
  for (const stanza of stanzas.toReversed()) {
    const matches = stanza.patterns.some((pattern) => matcher(byStem ? stemOf(pattern) : pattern).test(subject));
    if (!matches) continue;
    return { author: stanza.copyright.join('; '), licence: stanza.licence, comment: stanza.comment };
  }
  return undefined;
}

function fieldsOf(paragraph: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  let current: string | undefined;
  for (const line of paragraph.split('\n')) {
    if (line.startsWith('#')) continue;
    const start = /^([A-Za-z][A-Za-z-]*):(.*)$/.exec(line);
    if (start) {
      current = start[1]!.toLowerCase();
      fields.set(current, start[2]!.trim());
    } else if (current !== undefined && /^\s/.test(line)) {
      fields.set(current, `${fields.get(current)!}\n${line.trim()}`);
    }
  }
  return fields;
}

const matchers = new Map<string, RegExp>();

function matcher(pattern: string): RegExp {
  const known = matchers.get(pattern);
  if (known) return known;
  const source = pattern.replace(/^\.\//, '').replaceAll(/\\?[\s\S]/g, (part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    return part.at(-1)!.replace(/[\\^$.|?*+()[\]{}/-]/, String.raw`\$&`);
  });
  const made = new RegExp(`^${source}$`, 's');
  matchers.set(pattern, made);
  return made;
}

function stemOf(path: string): string {
  return path.replace(/\.[A-Za-z0-9]{1,5}$/, '');
}
