import { lstat, mkdir, readFile, readdir, readlink, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commit, hubWorld } from '../../test/hub-world';
import { tinySystem, tinyTensors } from '../../test/tiny-system';
import { weightFileForms } from '../../test/weight-file-forms';
import { resolveFile } from './resolve-file';
import { resolveSettings } from './settings';
import { storeFile } from './store-file';

const world = hubWorld();
const tiny = tinySystem();

type Entry = { readonly link: string } | { readonly base64: string };

/** Written by Python's own client, version 2.0.0, from a hub with these files; the test below asks ours for the same. */
const tree = JSON.parse(
  await readFile(new URL('../../test/hub-trees/huggingface-hub-2.0.0.json', import.meta.url), 'utf8'),
) as { readonly entries: Readonly<Record<string, Entry>> };

const files = {
  'model.safetensors': weightFileForms(tinyTensors({ width: 3 }))['model.safetensors'],
  'config.json': new TextEncoder().encode('{ "width": 3 }'),
  'deep/other.bin': new Uint8Array(10),
};

async function lay(folder: string): Promise<void> {
  for (const [name, entry] of Object.entries(tree.entries)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    if ('link' in entry) await symlink(entry.link, path);
    else await writeFile(path, Buffer.from(entry.base64, 'base64'));
  }
}

async function lie(folder: string): Promise<Record<string, Entry>> {
  const found: Record<string, Entry> = {};
  for (const name of await readdir(folder, { recursive: true })) {
    const path = join(folder, name);
    const facts = await lstat(path);
    if (facts.isSymbolicLink()) found[relative(folder, path)] = { link: await readlink(path) };
    else if (facts.isFile()) found[relative(folder, path)] = { base64: await readFile(path, 'base64') };
  }
  return found;
}

describe('a cache written by Python', () => {
  it('is loaded from without network', async () => {
    await lay(world.cache());
    for (const source of ['tiny-3', 'owner/tiny-3', `owner/tiny-3@${commit}`, `owner/tiny-3@${commit.slice(0, 9)}`]) {
      const tokenizer = await tiny.fromPretrained(source, { engine: 'cpu', cacheDirectory: world.cache() });
      expect(tokenizer.info.identity.variant).toBe('tiny-3');
      expect(tokenizer.info.files[0]!.name).toBe('model.safetensors');
      await tokenizer.dispose();
    }
  });

  it('is what this client writes, file for file and link for link', async () => {
    const hub = await world.serve({}, {}, { 'owner/tiny-3': { commit, refs: { v1: 'f'.repeat(40) }, files } });
    const settings = await resolveSettings(world.options(hub));
    const ask = (file: string, revision = 'main') =>
      resolveFile(settings, { source: 'it', repository: 'owner/tiny-3', revision, file });
    for (const file of Object.keys(files)) await storeFile(settings, await ask(file), { revision: 'main' });
    await storeFile(settings, await ask('config.json', 'v1'), { revision: 'v1' });
    await expect(ask('nope.json')).rejects.toMatchObject({ code: 'not-found' });
    const isShared = (name: string) => name.startsWith('models--');
    const theirs = Object.entries(tree.entries).filter(([name]) => isShared(name));
    expect(theirs.length).toBe(10);
    expect(await lie(world.cache())).toEqual(Object.fromEntries(theirs));
  });
});
