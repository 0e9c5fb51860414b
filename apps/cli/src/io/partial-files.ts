import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Files that are being written. */
export const partialFiles = new Set<string>();

/** Files that a library is writing under another name beside them: `.name.<anything>.partial`. */
export const unfinishedTargets = new Set<string>();

/** Removes what is half written, at once: before a signal ends the process. */
export function removePartialFiles(): void {
  for (const path of partialFiles) rmSync(path, { force: true });
  for (const target of unfinishedTargets) {
    const folder = dirname(target);
    for (const name of readdirSync(folder))
      if (name.startsWith(`.${basename(target)}.`) && name.endsWith('.partial'))
        rmSync(join(folder, name), { force: true });
  }
}
