import { rmSync } from 'node:fs';

/** Files that are being written. */
export const partialFiles = new Set<string>();

/** Removes what is half written, at once: before a signal ends the process. */
export function removePartialFiles(): void {
  for (const path of partialFiles) rmSync(path, { force: true });
}
