import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../usage';
import { type SourceText, sourceTexts } from './corpus-sources';

/** Kinds of text that tokenizers differ in. */
export const textGroups = ['english', 'code', 'european', 'cyrillic-greek', 'cjk', 'other'] as const;
export type TextGroup = (typeof textGroups)[number];

/** What the tables call them. */
export const groupTitles: Readonly<Record<TextGroup, string>> = {
  english: 'English documentation',
  code: 'source code',
  european: 'European languages in Latin script',
  'cyrillic-greek': 'Cyrillic and Greek',
  cjk: 'Chinese, Japanese, Korean',
  other: 'Hindi, Vietnamese, Arabic and more',
};

/** UTF-16 units of a document. */
export const documentLength = 10_000;

/** Documents of one group. */
export interface TextCorpus {
  readonly group: TextGroup;
  readonly measured: readonly string[];
  /** Other text of the same kinds, on which the engine optimizes what it runs. */
  readonly warming: readonly string[];
  /** Of the measured documents in UTF-8. */
  readonly bytes: number;
}

export interface CorpusOrder {
  readonly groups: readonly TextGroup[];
  /** Most documents of a group that are measured. */
  readonly documents: number;
  /** Folder that has a folder of text files for each group; undefined: what this checkout has. */
  readonly folder?: string;
  /** Folder of the packages that are installed for tests. */
  readonly packages: string;
}

/** Documents that are kept for warming up. */
const warmingDocuments = 3;

/**
 * Texts of every group that has any.
 *
 * @throws {UsageError} There is no text at all.
 */
export function readCorpora({ groups, documents, folder, packages }: CorpusOrder): readonly TextCorpus[] {
  const corpora = groups.flatMap((group): readonly TextCorpus[] => {
    const texts = folder === undefined ? sourceTexts(group, packages) : folderTexts(join(folder, group));
    const all = cutDocuments(texts);
    const measured = all.slice(warmingDocuments, warmingDocuments + documents);
    if (measured.length === 0) return [];
    return [{ group, measured, warming: all.slice(0, warmingDocuments), bytes: utf8Bytes(measured) }];
  });
  if (corpora.length > 0) return corpora;
  throw new UsageError(`expected text in ${folder ?? 'the installed packages'} for ${groups.join(', ')}, found none`);
}

export const utf8Bytes = (texts: readonly string[]): number =>
  texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);

function folderTexts(folder: string): readonly SourceText[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
    .map((name) => ({ name, text: readFileSync(name, 'utf8') }));
}

/**
 * Documents of {@link documentLength}, of the sources in turn, so that however few are taken they are of many. Only the
 * last of a source may be shorter; it counts if it has half the length.
 */
export function cutDocuments(texts: readonly SourceText[]): readonly string[] {
  const bySource = texts.map(({ text }) => {
    const documents: string[] = [];
    for (let start = 0; start < text.length;) {
      let end = Math.min(text.length, start + documentLength);
      // A pair of surrogates stays together.
      if (end < text.length && (text.charCodeAt(end) & 0xfc00) === 0xdc00) end -= 1;
      if (end - start >= documentLength / 2) documents.push(text.slice(start, end));
      start = end;
    }
    return documents;
  });
  const rounds = Math.max(0, ...bySource.map(({ length }) => length));
  return Array.from({ length: rounds }, (_, round) =>
    bySource.flatMap((documents) => documents.slice(round, round + 1)),
  )
    .flat()
    .map(ownText);
}

/** A text by itself, not a part of a larger one: reading its characters takes no detour. */
const ownText = (text: string): string => Buffer.from(text, 'utf16le').toString('utf16le');
