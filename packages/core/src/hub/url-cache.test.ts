import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { sha256, type HubServer } from '../../test/hub-server';
import { hubWorld, noise } from '../../test/hub-world';
import { resolveSettings } from './settings';
import { obtainUrl, urlCachePath } from './url-cache';

const world = hubWorld();
const bytes = noise(120_000);
afterEach(() => vi.unstubAllEnvs());

const address = (hub: HubServer) => new URL(`/${sha256(bytes)}?x=1`, hub.storageUrl);
const wantedOf = (hub: HubServer, more = {}) => ({
  source: 'snac',
  url: address(hub),
  file: 'snac.bin',
  license: { name: 'MIT', use: 'any' } as const,
  ...more,
});

async function pull(hub: HubServer, wanted = {}, more = {}): Promise<string> {
  const options = world.options(hub, { connections: 1, ...more });
  return (await obtainUrl(await resolveSettings(options), wantedOf(hub, wanted), options)) as string;
}

describe('files at plain addresses', () => {
  it('are cached by the SHA-256 of their address, and fetched once', async () => {
    vi.stubEnv('XDG_CACHE_HOME', '/xdg');
    const hub = await world.serve({ 'snac.bin': bytes });
    const hash = createHash('sha256').update(address(hub).href).digest('hex');
    expect(urlCachePath(wantedOf(hub))).toBe(join('/xdg', 'tesserae', hash, 'snac.bin'));
    const path = await pull(hub, { sha256: sha256(bytes), bytes: bytes.length });
    expect(path).toBe(join(world.cache(), 'tesserae', hash, 'snac.bin'));
    expect(sha256(await readFile(path))).toBe(sha256(bytes));
    expect(await pull(hub)).toBe(path);
    expect(hub.requests.filter(({ sent }) => sent > 1).length).toBe(1);
    expect((await readdir(dirname(path))).sort()).toEqual(['snac.bin', 'snac.bin.sha256', 'snac.bin.source']);
  });

  it('are checked against the hash that was published', async () => {
    const hub = await world.serve({ 'snac.bin': bytes });
    await expect(pull(hub, { sha256: 'b'.repeat(64) })).rejects.toMatchObject({
      code: 'download',
      message: expect.stringContaining('b'.repeat(64)),
    });
    await expect(pull(hub, { bytes: 9 })).rejects.toMatchObject({
      code: 'download',
      message: expect.stringContaining('expected 9 bytes'),
    });
  });

  it('go on only where the file is still the same', async () => {
    const hub = await world.serve({ 'snac.bin': bytes });
    hub.fault = (_, count) => (count === 1 ? { cutAfter: 40_000 } : count > 1 ? { status: 503 } : undefined);
    await expect(pull(hub)).rejects.toMatchObject({ code: 'download' });
    hub.fault = () => undefined;
    hub.requests.length = 0;
    const path = await pull(hub);
    expect(hub.requests.at(-1)).toMatchObject({ headers: { 'if-range': '"storage"' } });
    expect(hub.requests.at(-1)!.range![0]).toBeGreaterThan(0);
    const other = await world.serve({ 'snac.bin': bytes });
    const begun = urlCachePath(wantedOf(other), { cacheDirectory: world.cache() })!;
    await mkdir(dirname(begun), { recursive: true });
    await writeFile(`${begun}.incomplete`, noise(50_000, 9));
    await writeFile(`${begun}.source`, '"another"');
    expect(sha256(await readFile(await pull(other)))).toBe(sha256(bytes));
    expect(other.requests.at(-1)!.range![0]).toBe(0);
    expect(sha256(await readFile(path))).toBe(sha256(bytes));
  });

  it('come without an announced length, and without ranges', async () => {
    const hub = await world.serve({ 'snac.bin': bytes });
    hub.fault = () => ({ headers: { 'content-length': '', 'content-range': '', etag: '' } });
    expect(sha256(await readFile(await pull(hub)))).toBe(sha256(bytes));
    await rm(join(world.cache(), 'tesserae'), { recursive: true });
    hub.fault = () => ({ ignoresRange: true });
    expect(sha256(await readFile(await pull(hub)))).toBe(sha256(bytes));
  });

  it.each([
    [404, 'not-found'],
    [403, 'access'],
    [410, 'not-found'],
    [400, 'download'],
  ])('that answer %i: %s', async (status, code) => {
    const hub = await world.serve({ 'snac.bin': bytes });
    hub.fault = () => ({ status });
    await expect(pull(hub)).rejects.toMatchObject({ code, message: expect.stringContaining(`status ${status}`) });
  });
});
