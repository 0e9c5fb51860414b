import { readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isParityModality, type ParityModality } from './adapters/choose-adapter';

/** Where a case lies. */
export interface CaseLocation {
  readonly folder: string;
  /** Undefined where no folder above the case is named like a package, and none was given. */
  readonly modality?: ParityModality;
  /** From the folder names: the key in runners. `titok`. */
  readonly system: string;
  /** `legacy-n6`. */
  readonly name: string;
}

const skipped = new Set(['node_modules', 'dist', '.git', '.turbo']);

/**
 * Every folder below `folder` (or `folder` itself) that holds a `case.json`, in order of path. The modality is the
 * nearest folder above a case that is named like one of the seven packages, unless given. Paths are absolute.
 */
export function findCases(folder: string, modality?: ParityModality): readonly CaseLocation[] {
  const found: CaseLocation[] = [];
  const visited = new Set<string>();
  const walk = (path: string): void => {
    const real = realpathSync(path);
    // Links may lead in circles.
    if (visited.has(real)) return;
    visited.add(real);
    const names = readdirSync(path).sort();
    if (names.includes('case.json')) {
      const own = modality ?? modalityOf(path);
      found.push({
        folder: path,
        ...(own === undefined ? {} : { modality: own }),
        system: basename(dirname(path)),
        name: basename(path),
      });
    }
    for (const name of names) {
      if (!skipped.has(name) && isFolder(join(path, name))) walk(join(path, name));
    }
  };
  walk(resolve(folder));
  return found;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function modalityOf(path: string): ParityModality | undefined {
  for (let at = dirname(path); dirname(at) !== at; at = dirname(at)) {
    const name = basename(at);
    if (isParityModality(name)) return name;
  }
  return undefined;
}
