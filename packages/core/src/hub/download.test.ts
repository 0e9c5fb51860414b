import { mkdir, readFile, readlink, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gitHash, sha256 } from '../../test/hub-server';
import { commit, hubWorld, noise } from '../../test/hub-world';
import { tinyInput, tinySystem, tinyTensors } from '../../test/tiny-system';
import { weightFileForms } from '../../test/weight-file-forms';
import { linkFile, linkWays } from '../platform/node-cache-files';
import { findSnapshot } from './layout';

const world = hubWorld();
const tiny = tinySystem();
const weights = weightFileForms(tinyTensors({ width: 3 }))['model.safetensors'];
const config = new TextEncoder().encode('{ "width": 3 }');
const files = { 'model.safetensors': weights, 'config.json': config, 'README.md': new Uint8Array(3) };

describe('fromPretrained with a hub', () => {
  it('downloads into the layout that Python reads, once', async () => {
    const hub = await world.serve({}, {}, { 'owner/tiny-3': { commit, files, license: 'mit' } });
    const options = { engine: 'cpu', ...world.options(hub) } as const;
    const tokenizer = await tiny.fromPretrained('owner/tiny-3', options);
    expect(tokenizer.info.identity.variant).toBe('tiny-3');
    await tokenizer.decode(await tokenizer.encode(tinyInput()));
    await tokenizer.dispose();
    const folder = world.folder('owner/tiny-3');
    expect(await readFile(join(folder, 'refs', 'main'), 'utf8')).toBe(commit);
    expect(await world.blobs('owner/tiny-3')).toEqual(
      [gitHash(config), gitHash(files['README.md']), sha256(weights)].sort(),
    );
    const snapshot = join(folder, 'snapshots', commit);
    expect(await readlink(join(snapshot, 'model.safetensors'))).toBe(`../../blobs/${sha256(weights)}`);
    expect(await readlink(join(snapshot, 'config.json'))).toBe(`../../blobs/${gitHash(config)}`);
    expect(await readdir(join(world.cache(), '.locks', 'models--owner--tiny-3'))).toEqual([]);
    const seen = hub.requests.length;
    for (const source of ['owner/tiny-3', 'tiny-3', `owner/tiny-3@${commit}`, 'owner/tiny-3/model.safetensors']) {
      await (await tiny.fromPretrained(source, options)).dispose();
    }
    expect(hub.requests.length).toBe(seen);
  });

  it('follows branches, tags and commits, and pins what it fetches to the commit', async () => {
    const other = 'f'.repeat(40);
    const hub = await world.serve({ 'model.safetensors': weights }, { refs: { v1: other, 'refs/pr/1': other } });
    for (const [revision, expected] of [
      ['main', commit],
      ['v1', other],
      ['refs/pr/1', other],
      [commit, commit],
    ] as const) {
      const { weights: path } = await world.pull(hub, { revision });
      expect(path).toBe(join(world.folder(), 'snapshots', expected, 'model.safetensors'));
    }
    const ref = (name: string) => readFile(join(world.folder(), 'refs', ...name.split('/')), 'utf8');
    expect([await ref('main'), await ref('v1'), await ref('refs/pr/1')]).toEqual([commit, other, other]);
    // The same bytes under two commits are stored, and fetched, once.
    expect(await world.blobs()).toEqual([sha256(weights)]);
    expect(hub.bytesSent()).toBe(weights.length);
    const fetched = hub.requests.filter(
      ({ method, host, path }) => method === 'GET' && host === 'hub' && path.includes('/resolve/'),
    );
    expect(fetched.map(({ path }) => path)).toEqual([`/owner/model/resolve/${commit}/model.safetensors`]);
  });

  it('fetches large files over several connections, small ones over one', async () => {
    const large = noise(1_000_003);
    const hub = await world.serve({ 'model.safetensors': large });
    const seen: number[] = [];
    const onProgress = ({ completed, total }: { completed: number; total?: number }) => {
      expect(total).toBe(large.length);
      seen.push(completed);
    };
    const { weights: path } = await world.pull(hub, {}, { segmentBytes: 100_000, connections: 3, onProgress });
    expect(sha256(await readFile(path))).toBe(sha256(large));
    const ranges = hub.requests.filter(({ host }) => host === 'storage').map(({ range }) => range);
    expect(ranges.length).toBe(11);
    expect(hub.bytesSent()).toBe(large.length);
    expect(seen.at(-1)).toBe(large.length);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(await world.blobs()).toEqual([sha256(large)]);
  });

  it('remembers what a commit does not have', async () => {
    const hub = await world.serve({ 'weights.pt': weights });
    const wanted = { file: 'model.pt', license: { name: 'MIT', use: 'any' } } as const;
    await expect(world.pull(hub, wanted)).rejects.toMatchObject({ code: 'not-found' });
    expect(await readdir(join(world.folder(), '.no_exist', commit))).toEqual(['model.pt']);
    const before = hub.requests.length;
    await expect(world.pull(hub, { ...wanted, revision: commit })).rejects.toMatchObject({ code: 'not-found' });
    expect(hub.requests.length).toBe(before);
  });

  it('takes the one file of weights of a repository, or asks which is meant', async () => {
    const hub = await world.serve({ 'epoch.ckpt': weights, 'deep/other.pt': weights });
    expect((await world.pull(hub)).weights).toMatch(/epoch\.ckpt$/);
    const several = await world.serve({ 'a.pth': weights, 'b.pth': weights });
    await expect(world.pull(several)).rejects.toMatchObject({
      code: 'ambiguous',
      message: expect.stringContaining('a.pth, b.pth'),
    });
    const none = await world.serve({ 'README.md': weights });
    await expect(world.pull(none)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('README.md'),
    });
  });

  it('fetches all shards, and says which are missing (F102)', async () => {
    const index = new TextEncoder().encode(
      JSON.stringify({ weight_map: { a: 'one.safetensors', b: 'two.safetensors', c: 'three.safetensors' } }),
    );
    const shards = {
      'model.safetensors.index.json': index,
      'one.safetensors': noise(50),
      'two.safetensors': noise(60),
      'three.safetensors': noise(70),
    };
    const hub = await world.serve(shards);
    hub.fault = ({ path }) => (path.endsWith('/two.safetensors') ? { status: 503 } : undefined);
    await expect(world.pull(hub)).rejects.toMatchObject({
      code: 'download',
      message: expect.stringMatching(/status 503.*Still missing: two\.safetensors\.$/),
    });
    const options = { ...world.options(hub), engine: 'cpu' } as const;
    await expect(tiny.fromPretrained('owner/model', { ...options, offline: true })).rejects.toMatchObject({
      code: 'offline',
      message: expect.stringContaining('two.safetensors is not on this machine'),
    });
    hub.fault = () => undefined;
    const { files: got } = await world.pull(hub);
    expect(got.map(({ file }) => file).sort()).toEqual(Object.keys(shards).sort());
  });

  it('refuses weights that are not those that were published, before the first byte', async () => {
    const hub = await world.serve({ 'model.safetensors': weights });
    await expect(world.pull(hub, { sha256: 'a'.repeat(64) })).rejects.toMatchObject({ code: 'download' });
    await expect(world.pull(hub, { bytes: 5 })).rejects.toThrow('expected 5 bytes');
    expect(hub.bytesSent()).toBe(0);
  });

  it('fetches again what was cut after it was complete (F101)', async () => {
    const hub = await world.serve({ 'model.safetensors': weights });
    const { weights: path } = await world.pull(hub);
    await writeFile(path, weights.subarray(0, 10));
    expect((await world.pull(hub)).weights).toBe(path);
    expect(sha256(await readFile(path))).toBe(sha256(weights));
  });

  it('goes on from what Python left, and from what it left itself', async () => {
    const large = noise(300_000);
    const hub = await world.serve({ 'model.safetensors': large });
    await world.pull(hub, {}, { connections: 1 }).catch(() => undefined);
    const blob = world.blobPath(large);
    await rm(blob);
    await rm(join(world.folder(), 'snapshots'), { recursive: true });
    await writeFile(`${blob}.incomplete`, large.subarray(0, 120_000));
    const before = hub.requests.length;
    const { weights: path } = await world.pull(hub, {}, { connections: 1 });
    expect(sha256(await readFile(path))).toBe(sha256(large));
    const [request] = hub.requests.slice(before).filter(({ host }) => host === 'storage');
    expect(request).toMatchObject({ range: [120_000, 299_999], sent: 180_000 });
  });

  it('fetches only what no earlier run left, and joins the pieces', async () => {
    const large = noise(200_000);
    const hub = await world.serve({ 'model.safetensors': large });
    const blob = world.blobPath(large);
    await mkdir(join(blob, '..'), { recursive: true });
    await writeFile(`${blob}.incomplete`, large.subarray(0, 50_000));
    // Being moved when the run ended; whole; begun; overlapping; of another file.
    await writeFile(`${blob}.40000-70000.part`, large.subarray(40_000, 60_000));
    await writeFile(`${blob}.100000-120000.part`, large.subarray(100_000, 120_000));
    await writeFile(`${blob}.150000-180000.part`, large.subarray(150_000, 151_000));
    await writeFile(`${blob}.110000-130000.part`, large.subarray(110_000, 130_000));
    await writeFile(`${blob}.incomplete.7-9.part`, 'ab');
    await world.pull(hub, {}, { connections: 1 });
    expect(sha256(await readFile(blob))).toBe(sha256(large));
    const ranges = hub.requests.filter(({ host }) => host === 'storage').map(({ range }) => range);
    expect(ranges).toEqual([
      [60_000, 99_999],
      [120_000, 149_999],
      [151_000, 179_999],
      [180_000, 199_999],
    ]);
    expect(await world.blobs()).toEqual([sha256(large), `${sha256(large)}.incomplete.7-9.part`]);
  });

  it('replaces symbolic links by hard links, those by copies, where they are not allowed', async () => {
    const blob = join(world.cache(), 'models--a--b', 'blobs', 'abc');
    await mkdir(join(blob, '..'), { recursive: true });
    await writeFile(blob, 'bytes');
    const snapshot = join(world.cache(), 'models--a--b', 'snapshots', commit);
    for (const [skip, kind] of ['symbolic', 'hard', 'copy'].entries()) {
      const path = join(snapshot, 'deep', `${kind}.bin`);
      const forbidden = linkWays
        .slice(0, skip)
        .map((way) => ({ ...way, make: () => Promise.reject(new Error('EPERM')) }));
      const ways = [...forbidden, ...linkWays.slice(skip)];
      expect(await linkFile(blob, path, ways)).toBe(kind);
      expect(await linkFile(blob, path, ways)).toBe(kind);
      expect(await readFile(path, 'utf8')).toBe('bytes');
    }
    expect(await readlink(join(snapshot, 'deep', 'symbolic.bin'))).toBe('../../../blobs/abc');
    expect((await readdir(join(snapshot, 'deep'))).sort()).toEqual(['copy.bin', 'hard.bin', 'symbolic.bin']);
    expect(await findSnapshot({ repository: 'a/b', revision: commit }, world.cache())).toBe(snapshot);
  });
});
