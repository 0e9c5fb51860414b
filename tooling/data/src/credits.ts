import type { FetchedPackage } from './packages';
import type { PictureSet, SourceFile } from './source-file';

/** A file that was used, with the hash of its bytes. */
export interface UsedFile<Set extends string = PictureSet> extends SourceFile<Set> {
  /** Hexadecimal. */
  readonly sha256: string;
}

/** Files of one package, folder, author and licence. */
export interface CreditGroup {
  readonly package: string;
  readonly version: string;
  readonly author: string;
  readonly licence: string;
  /** Common folder of the files, in the package; may hold an archive's path, then `!/`. */
  readonly folder: string;
  /** Name in `folder`, SHA-256 of the contents and, where known, the address of the original. */
  readonly files: readonly (readonly [name: string, sha256: string, origin?: string])[];
}

/** Credits of all files that were used, grouped and in a stable order. */
export function creditsOf(files: readonly UsedFile<string>[]): readonly CreditGroup[] {
  const groups = new Map<string, UsedFile<string>[]>();
  for (const file of files) {
    const key = JSON.stringify([file.package.name, folderOf(file.path), file.licence, file.author]);
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => {
      const first = group[0]!;
      const folder = folderOf(first.path);
      return {
        package: first.package.name,
        version: first.package.version,
        author: first.author,
        licence: first.licence,
        folder,
        files: group.map(({ path, sha256, origin }): CreditGroup['files'][number] => {
          const name = path.slice(folder.length);
          return origin === undefined ? [name, sha256] : [name, sha256, origin];
        }),
      };
    });
}

/** What a training set was made from: one entry a package. */
export interface LockEntry {
  readonly kind: 'deb' | 'npm';
  readonly name: string;
  readonly version: string;
  readonly archive: string;
  readonly bytes: number;
  readonly sha256: string;
  /** How many of its files were trained on. */
  readonly usedFiles: number;
}

/** Lock entries of packages, in the order of their names. */
export function lockOf(packages: readonly FetchedPackage[], files: readonly UsedFile<string>[]): readonly LockEntry[] {
  return packages
    .map(({ kind, name, version, archive, size, sha256 }) => ({
      kind,
      name,
      version,
      archive,
      bytes: size,
      sha256,
      usedFiles: files.filter((file) => file.package.name === name).length,
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** JSON with one row a line: small enough to commit, readable in a diff. */
export function jsonRows(head: Readonly<Record<string, unknown>>, key: string, rows: readonly unknown[]): string {
  const fields = Object.entries(head).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`);
  const lines = rows.map((row) => `    ${JSON.stringify(row)}`).join(',\n');
  return `{\n${fields.join('')}  ${JSON.stringify(key)}: [\n${lines}\n  ]\n}\n`;
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('!')) + 1);
}
