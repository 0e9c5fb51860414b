import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@tesserae/core/data';

const name = /^tesserae-counts-(\d+)-/;

/**
 * Makes a folder for temporary files, and removes those that processes left which were killed.
 *
 * @throws {InputError} Code `unreadable`: the parent cannot be written.
 */
export function makeTemporaryFolder(parent: string): string {
  try {
    for (const entry of readdirSync(parent)) {
      const found = name.exec(entry);
      if (found && !isRunning(Number(found[1]))) rmSync(join(parent, entry), { recursive: true, force: true });
    }
    return mkdtempSync(join(parent, `tesserae-counts-${process.pid}-`));
  } catch (cause) {
    throw new InputError('temporaryFolder', 'a folder that can be written', parent, { code: 'unreadable', cause });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
