import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** A package to fetch: a Debian package by name, or an npm package with its exact version. */
export interface PackageName {
  readonly kind: 'deb' | 'npm';
  readonly name: string;
  /** npm only; of a Debian package the version that the configured release has is taken. */
  readonly version?: string;
}

/** A package that lies unpacked on this machine. */
export interface FetchedPackage extends PackageName {
  readonly version: string;
  /** Name of the downloaded archive. */
  readonly archive: string;
  /** Size of the archive in bytes. */
  readonly size: number;
  /** SHA-256 of the archive, hexadecimal. */
  readonly sha256: string;
  /** Folder that holds the contents. */
  readonly root: string;
}

/**
 * Downloads and unpacks a package, without installing it. What already lies in the work folder is used as it is.
 *
 * @param wanted - The package.
 * @param workFolder - Gets `packages/` and `unpacked/`.
 * @param report - Told why a package is missing.
 * @returns `undefined` if the package cannot be had here: a recipe then does without it.
 */
export function fetchPackage(
  wanted: PackageName,
  workFolder: string,
  report: (message: string) => void,
): FetchedPackage | undefined {
  const archives = join(workFolder, 'packages');
  const root = join(workFolder, 'unpacked', wanted.name.replaceAll(/[@/]+/g, '-').replace(/^-/, ''));
  try {
    mkdirSync(archives, { recursive: true });
    const archive = archiveOf(wanted, archives) ?? download(wanted, archives);
    const path = join(archives, archive);
    if (!existsSync(root)) {
      const partial = `${root}.partial`;
      rmSync(partial, { recursive: true, force: true });
      mkdirSync(partial, { recursive: true });
      if (wanted.kind === 'deb') run('dpkg', ['-x', path, partial], archives);
      else run('tar', ['-xzf', path, '-C', partial], archives);
      renameSync(partial, root);
    }
    return {
      ...wanted,
      version: wanted.version ?? decodeURIComponent(archive.split('_')[1]!),
      archive,
      size: statSync(path).size,
      sha256: createHash('sha256').update(readFileSync(path)).digest('hex'),
      root,
    };
  } catch (error) {
    report(`${wanted.name}: skipped, ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
    return undefined;
  }
}

/** Text of a Debian package's `copyright`; empty if there is none. */
export function copyrightText({ root, name }: FetchedPackage): string {
  const path = join(root, 'usr/share/doc', name, 'copyright');
  if (existsSync(path)) return readFileSync(path, 'utf8');
  return existsSync(`${path}.gz`) ? gunzipSync(readFileSync(`${path}.gz`)).toString('utf8') : '';
}

/**
 * Files below a folder of a package, sorted, as paths from the package's root; none if the folder is missing.
 *
 * @param pattern - Tested on the whole path.
 */
export function filesOf({ root }: FetchedPackage, folder: string, pattern: RegExp): readonly string[] {
  const start = join(root, folder);
  if (!existsSync(start)) return [];
  return readdirSync(start, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((path) => pattern.test(path))
    .toSorted();
}

function archiveOf({ kind, name, version }: PackageName, archives: string): string | undefined {
  const expected = kind === 'npm' ? npmArchive(name, version) : undefined;
  return readdirSync(archives).find((file) =>
    kind === 'npm' ? file === expected : file.startsWith(`${name}_`) && file.endsWith('.deb'),
  );
}

function download(wanted: PackageName, archives: string): string {
  if (wanted.kind === 'deb') run('apt-get', ['download', '-qq', wanted.name], archives);
  else run('npm', ['pack', '--silent', `${wanted.name}@${wanted.version}`], archives);
  const archive = archiveOf(wanted, archives);
  if (archive === undefined) throw new Error('the download left no archive');
  return archive;
}

function npmArchive(name: string, version: string | undefined): string {
  return `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
}

function run(command: string, parameters: readonly string[], folder: string): void {
  execFileSync(command, parameters, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
}
