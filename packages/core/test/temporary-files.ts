import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { Checkpoint } from '../src/checkpoint/checkpoint';

/** A folder for the tests of one file, removed after them. */
export function temporaryFiles(): { folder(): string; write(name: string, bytes: Uint8Array): Promise<string> } {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'checkpoint-test-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  return {
    folder: () => folder,
    async write(name, bytes) {
      const path = join(folder, name);
      await writeFile(path, bytes);
      return path;
    },
  };
}

/** Values of one tensor. */
export async function values(checkpoint: Checkpoint, key: string): Promise<number[]> {
  return Array.from(await checkpoint.tensor(key).read());
}
