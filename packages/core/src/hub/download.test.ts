import { mkdtemp, readFile, readlink, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gitHash, hubServers, sha256, type HubServer } from '../../test/hub-server';
import { tinyInput, tinySystem, tinyTensors } from '../../test/tiny-system';
import { weightFileForms } from '../../test/weight-file-forms';
import type { HubOptions } from './settings';

const start = hubServers();
const tiny = tinySystem();
const commit = '0123456789abcdef0123456789abcdef01234567';
const weights = weightFileForms(tinyTensors({ width: 3 }))['model.safetensors'];
const config = new TextEncoder().encode('{ "width": 3 }');
const files = { 'model.safetensors': weights, 'config.json': config, 'README.md': new Uint8Array(3) };

let cacheDirectory = '';
beforeEach(async () => {
  cacheDirectory = await mkdtemp(join(tmpdir(), 'hub-test-'));
});
afterEach(() => rm(cacheDirectory, { recursive: true }));

function options(hub: HubServer, more: HubOptions = {}) {
  return {
    endpoint: hub.url,
    offline: false,
    token: '',
    cacheDirectory,
    onLicense: () => undefined,
    patience: { firstDelayMilliseconds: 1, stallMilliseconds: 300 },
    ...more,
  };
}

describe('fromPretrained with a hub', () => {
  it('downloads into the layout that Python reads, once', async () => {
    const hub = await start({ 'owner/tiny-3': { commit, files, license: 'mit' } });
    const tokenizer = await tiny.fromPretrained('owner/tiny-3', { engine: 'cpu', ...options(hub) });
    expect(tokenizer.info.identity.variant).toBe('tiny-3');
    await tokenizer.decode(await tokenizer.encode(tinyInput()));
    await tokenizer.dispose();
    const folder = join(cacheDirectory, 'models--owner--tiny-3');
    expect(await readFile(join(folder, 'refs', 'main'), 'utf8')).toBe(commit);
    expect((await readdir(join(folder, 'blobs'))).sort()).toEqual([gitHash(config), sha256(weights)].sort());
    const snapshot = join(folder, 'snapshots', commit);
    expect(await readlink(join(snapshot, 'model.safetensors'))).toBe(`../../blobs/${sha256(weights)}`);
    expect(await readlink(join(snapshot, 'config.json'))).toBe(`../../blobs/${gitHash(config)}`);
    expect(await readdir(join(cacheDirectory, '.locks', 'models--owner--tiny-3'))).toEqual([]);
    const seen = hub.requests.length;
    for (const source of ['owner/tiny-3', 'tiny-3', `owner/tiny-3@${commit}`, 'owner/tiny-3/model.safetensors']) {
      const again = await tiny.fromPretrained(source, { engine: 'cpu', ...options(hub) });
      await again.dispose();
    }
    expect(hub.requests.length).toBe(seen);
  });
});
