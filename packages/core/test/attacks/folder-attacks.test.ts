import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../src/checkpoint/open-checkpoint';
import { TesseraeError } from '../../src/errors';
import { folderAttacks, type FolderAttack } from './folder-attacks';
import { openAndRead } from './open-and-read';

/** In a folder below one that holds what must not be read. */
async function inFolder<T>(attack: FolderAttack, use: (path: string) => Promise<T>): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), 'attack-test-'));
  try {
    const honest = attack.files()['model-1.safetensors'] ?? new Uint8Array(64);
    for (const secret of ['a.safetensors', 'data.bin', 'model-1.safetensors', 'x', 'a'])
      await writeFile(join(root, secret), honest);
    for (const [name, bytes] of Object.entries(attack.files())) {
      await mkdir(dirname(join(root, 'inner', name)), { recursive: true });
      await writeFile(join(root, 'inner', name), bytes);
    }
    return await use(join(root, 'inner', attack.open));
  } finally {
    await rm(root, { recursive: true });
  }
}

describe('hostile folders', () => {
  it.each(folderAttacks.filter(({ code }) => code === undefined))('inert: $name', async (attack) => {
    expect(await inFolder(attack, openAndRead)).toEqual(attack.keys);
  });

  it.each(folderAttacks.filter(({ code }) => code !== undefined))('refused: $name', async (attack) => {
    for (const address of [(path: string) => path, (path: string) => pathToFileURL(path)]) {
      const outcome = await inFolder(attack, (path) => openCheckpoint(address(path))).catch((error: unknown) => error);
      expect(outcome).toBeInstanceOf(TesseraeError);
      expect(outcome).toMatchObject({ code: attack.code });
      expect((outcome as Error).message).toContain(attack.says ?? '');
    }
  });
});
