import { resolve } from 'node:path';
import { expandFiles, standardStream, UsageError } from '@tesserae/cli/shared';
import type { BudgetDocument } from '../fit/documents';

/** What the command line says of a document. */
export type DocumentRule = Required<Pick<BudgetDocument, 'pinned' | 'priority'>>;

/**
 * Reads `--pin` and `--priority`: files, folders, globs or `-`, with commas between; `=` and a whole number behind each
 * of `--priority`. The last that names a document counts.
 *
 * @returns One a document.
 * @throws {UsageError} A pattern that names none of the documents; a priority that is no whole number.
 */
export async function documentRules(
  names: readonly string[],
  { pin, priority }: { readonly pin?: string | undefined; readonly priority?: string | undefined },
): Promise<readonly DocumentRule[]> {
  const pinned = new Set<string>();
  for (const pattern of patterns(pin)) for (const key of await keysOf('--pin', pattern, names)) pinned.add(key);
  const priorities = new Map<string, number>();
  for (const rule of patterns(priority)) {
    const found = /^(?<pattern>.+)=(?<number>-?\d{1,9})$/u.exec(rule)?.groups;
    if (!found) throw new UsageError(`--priority: expected a pattern, = and a whole number, got ${rule}.`);
    for (const key of await keysOf('--priority', found['pattern']!, names))
      priorities.set(key, Number(found['number']));
  }
  return names.map((name) => ({ pinned: pinned.has(keyOf(name)), priority: priorities.get(keyOf(name)) ?? 0 }));
}

const patterns = (list = ''): readonly string[] =>
  list
    .split(',')
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '');

/** The same for every spelling of a path. */
const keyOf = (name: string): string => (name === standardStream ? name : resolve(name));

async function keysOf(option: string, pattern: string, names: readonly string[]): Promise<readonly string[]> {
  const known = new Set(names.map(keyOf));
  const keys = (await expandFiles([pattern], 'a pattern')).map(keyOf).filter((key) => known.has(key));
  if (keys.length === 0) throw new UsageError(`${option}: ${pattern} is none of the documents.`);
  return keys;
}
