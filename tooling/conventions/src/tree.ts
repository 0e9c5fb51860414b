import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What rules see of a checkout. Paths are relative to its root, with `/`. */
export interface Tree {
  readonly files: readonly string[];
  has(path: string): boolean;
  /** Text of a file; empty where there is none. */
  read(path: string): string;
  /** Bytes. */
  size(path: string): number;
}

/** Folders of installed, built and downloaded things, wherever they lie. */
const skipped = new Set([
  'node_modules',
  'dist',
  'coverage',
  'demo-output',
  '.git',
  '.tools',
  '.turbo',
  '.data',
  '.training',
  '.vocabularies',
]);

/** Every file that belongs to the project. */
export function checkoutTree(root: string): Tree {
  const files = filesBelow(root, '').sort();
  const known = new Set(files);
  return {
    files,
    has: (path) => known.has(path),
    read: (path) => (known.has(path) ? readFileSync(join(root, path), 'utf8') : ''),
    size: (path) => statSync(join(root, path)).size,
  };
}

function filesBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : filesBelow(root, path);
    return entry.isFile() ? [path] : [];
  });
}

/** A tree in memory: path to text. */
export function treeOf(contents: Readonly<Record<string, string>>): Tree {
  return {
    files: Object.keys(contents).sort(),
    has: (path) => path in contents,
    read: (path) => contents[path] ?? '',
    size: (path) => Buffer.byteLength(contents[path] ?? ''),
  };
}
