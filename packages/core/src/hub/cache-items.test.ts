import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256, type HubServer } from '../../test/hub-server';
import { commit, hubWorld, noise } from '../../test/hub-world';
import { listCache, removeCached } from './cache-items';
import { resolveSettings } from './settings';
import { obtainUrl } from './url-cache';
import { verifyCache } from './verify-cache';

const world = hubWorld();
const next = 'e'.repeat(40);
const weights = noise(5000);
const other = noise(700, 3);
const license = { name: 'MIT', use: 'any' } as const;
const here = () => ({ cacheDirectory: world.cache() });

/** Two commits of a repository that share the weights, and a file from a plain address. */
async function filled(): Promise<HubServer> {
  const files = { 'model.safetensors': weights, 'config.json': noise(20), 'deep/other.bin': other };
  const hub = await world.serve(files, { refs: { v2: next } });
  await world.pull(hub);
  await world.pull(hub, { revision: 'v2', file: 'model.safetensors', license });
  await world.pull(hub, { revision: 'v2', file: 'deep/other.bin', license });
  const options = world.options(hub);
  const url = new URL(sha256(other), `${hub.storageUrl}/`);
  await obtainUrl(await resolveSettings(options), { source: 'x', url, file: 'x.bin', license }, options);
  return hub;
}

describe('the list of what is cached', () => {
  it('tells sizes, revisions, what is unfinished and what Python shares', async () => {
    await filled();
    await writeFile(`${world.blobPath(noise(9))}.incomplete`, noise(11));
    await writeFile(`${world.blobPath(noise(9))}.50-99.part`, noise(12));
    const items = await listCache(here());
    expect(items).toMatchObject([
      {
        name: 'owner/model',
        kind: 'repository',
        bytes: 5000 + 20 + 700,
        sharedWithPython: true,
        revisions: [
          { commit, refs: ['main'], files: ['config.json', 'model.safetensors'] },
          { commit: next, refs: ['v2'], files: ['deep/other.bin', 'model.safetensors'] },
        ],
        incomplete: [{ bytes: 12 }, { bytes: 11 }],
      },
      { name: 'x.bin', kind: 'address', bytes: 700, sharedWithPython: false, incomplete: [] },
    ]);
    expect(await listCache({ cacheDirectory: join(world.cache(), 'none') })).toEqual([]);
  });

  it('counts files that lie in snapshots because links are not allowed', async () => {
    const snapshot = join(world.folder('a/b'), 'snapshots', commit);
    await mkdir(snapshot, { recursive: true });
    await writeFile(join(snapshot, 'model.safetensors'), weights);
    expect(await listCache(here())).toMatchObject([{ name: 'a/b', bytes: 5000 }]);
  });
});

describe('verification', () => {
  it('finds nothing wrong where nothing is', async () => {
    await filled();
    const seen: number[] = [];
    expect(await verifyCache({ ...here(), onProgress: ({ completed }) => seen.push(completed) })).toEqual([]);
    expect(seen.at(-1)).toBe(5000 + 20 + 700 + 700);
    await expect(verifyCache({ ...here(), signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow('no');
  });

  it('names what is damaged, missing, unfinished or without a hash', async () => {
    await filled();
    const blob = world.blobPath(weights);
    await writeFile(blob, noise(5000, 2));
    await rm(world.blobPath(other));
    await writeFile(`${blob}.incomplete`, 'abc');
    await writeFile(join(dirname(blob), 'odd-etag'), 'abc');
    await mkdir(join(world.folder(), 'refs', 'pr'));
    await writeFile(join(world.folder(), 'refs', 'pr', '1'), 'd'.repeat(40));
    const address = (await listCache(here()))[1]!.blobs[0]!.path;
    await writeFile(address, noise(700, 4));
    const problems = await verifyCache(here());
    expect(problems.map(({ kind, path }) => `${kind} ${path.slice(world.cache().length + 1)}`).sort()).toEqual(
      [
        `damaged ${blob.slice(world.cache().length + 1)}`,
        `damaged ${address.slice(world.cache().length + 1)}`,
        `incomplete ${blob.slice(world.cache().length + 1)}.incomplete`,
        `missing models--owner--model/refs/pr/1`,
        `missing models--owner--model/snapshots/${next}/deep/other.bin`,
        `unverifiable models--owner--model/blobs/odd-etag`,
      ].sort(),
    );
    expect(await verifyCache({ ...here(), names: ['x.bin'] })).toHaveLength(1);
  });
});

describe('removal', () => {
  it('of a revision keeps what another has', async () => {
    await filled();
    const [item] = await listCache(here());
    expect(await removeCached({ item: item!, revision: 'v2', dryRun: true })).toEqual({ files: 1, bytes: 700 });
    expect(await listCache(here())).toEqual([item, (await listCache(here()))[1]]);
    expect(await removeCached({ item: item!, revision: 'v2' })).toEqual({ files: 1, bytes: 700 });
    const [left] = await listCache(here());
    expect(left).toMatchObject({ bytes: 5020, revisions: [{ commit }], danglingRefs: [] });
    expect(sha256(await readFile(join(world.folder(), 'snapshots', commit, 'model.safetensors')))).toBe(
      sha256(weights),
    );
    await expect(removeCached({ item: left!, revision: 'v2' })).rejects.toMatchObject({
      name: 'InputError',
      expected: expect.stringContaining('main'),
    });
  });

  it('of unfinished files keeps the rest; of all leaves nothing', async () => {
    await filled();
    await writeFile(`${world.blobPath(weights)}.incomplete`, 'abc');
    const [item, address] = await listCache(here());
    expect(await removeCached({ item: item!, incompleteOnly: true })).toEqual({ files: 1, bytes: 3 });
    expect(await verifyCache(here())).toEqual([]);
    await removeCached({ item: item! });
    await removeCached({ item: address! });
    expect(await listCache(here())).toEqual([]);
    expect(await readdir(world.cache())).toEqual(['.locks', 'tesserae']);
  });

  it('waits for no download: refuses while one runs', async () => {
    await filled();
    const [item] = await listCache(here());
    const lock = join(world.cache(), '.locks', 'models--owner--model', `${'a'.repeat(64)}.tesserae`);
    await writeFile(lock, JSON.stringify({ process: process.ppid, host: hostname() }));
    await expect(removeCached({ item: item! })).rejects.toMatchObject({
      name: 'InputError',
      expected: 'no running download',
    });
    await writeFile(lock, JSON.stringify({ process: 2 ** 31 - 2, host: hostname() }));
    await removeCached({ item: item! });
  });
});
