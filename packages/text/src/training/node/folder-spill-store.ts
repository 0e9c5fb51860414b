import { appendFileSync, closeSync, mkdirSync, openSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@tesserae/core/data';
import type { SpillStore } from '../spill-store';

/**
 * Keeps the runs of a word counter as files `run-0.counts`, `run-1.counts`, … of a folder, which is made if need be.
 * The counter's `dispose` removes the files, not the folder. Two counters need two folders.
 *
 * @throws {InputError} Code `unreadable`: the folder cannot be made.
 */
export function folderSpillStore(folder: string): SpillStore {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new InputError('folder', 'a folder that can be written', folder, { code: 'unreadable', cause });
  }
  const files = new Map<number, number>();
  const begun = new Set<number>();
  const pathOf = (run: number): string => join(folder, `run-${run}.counts`);
  const close = (run: number) => {
    const file = files.get(run);
    if (file !== undefined) closeSync(file);
    files.delete(run);
  };
  return {
    append(run, bytes) {
      // What an earlier process left is not a part of the run.
      if (!begun.has(run)) rmSync(pathOf(run), { force: true });
      begun.add(run);
      appendFileSync(pathOf(run), bytes);
    },
    read(run, offset, length) {
      let file = files.get(run);
      if (file === undefined) {
        file = openSync(pathOf(run), 'r');
        files.set(run, file);
      }
      const bytes = new Uint8Array(length);
      let filled = 0;
      for (;;) {
        const count = readSync(file, bytes, filled, length - filled, offset + filled);
        filled += count;
        if (count === 0 || filled === length) return bytes.subarray(0, filled);
      }
    },
    remove(run) {
      close(run);
      begun.delete(run);
      rmSync(pathOf(run), { force: true });
    },
  };
}
