import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { obtain, type ObtainOptions, type Wanted } from '../src/hub/obtain';
import { resolveSettings, type HubOptions } from '../src/hub/settings';
import { gitHash, sha256, startHubServer, type HubServer, type TestRepository } from './hub-server';

export const commit = '0123456789abcdef0123456789abcdef01234567';

/** Bytes that look random and are the same every time. */
export function noise(length: number, seed = 1): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 24;
  });
}

/** {@link startHubServer}, stopped after the test. */
function hubServers(): (repositories: Readonly<Record<string, TestRepository>>) => Promise<HubServer> {
  const running: HubServer[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((server) => server.close()));
  });
  return async (repositories) => {
    const server = await startHubServer(repositories);
    running.push(server);
    return server;
  };
}

/** A hub, an empty cache and a client that loses patience quickly: anew for each test. */
export function hubWorld() {
  let cache = '';
  beforeEach(async () => {
    cache = await mkdtemp(join(tmpdir(), 'hub-test-'));
  });
  afterEach(() => rm(cache, { recursive: true, force: true }));
  const start = hubServers();
  return {
    cache: () => cache,
    folder: (repository = 'owner/model') => join(cache, `models--${repository.replaceAll('/', '--')}`),
    /** Serves `owner/model` and others. */
    serve: (files: TestRepository['files'], more: Partial<TestRepository> = {}, others = {}): Promise<HubServer> =>
      start({ 'owner/model': { commit, files, ...more }, ...others }),
    options: (hub: HubServer, more: HubOptions = {}): HubOptions => ({
      endpoint: hub.url,
      offline: false,
      token: '',
      cacheDirectory: cache,
      onLicense: () => undefined,
      ...more,
      patience: { attempts: 4, firstDelayMilliseconds: 1, stallMilliseconds: 250, ...more.patience },
    }),
    async pull(hub: HubServer, wanted: Partial<Wanted> = {}, more: HubOptions & ObtainOptions = {}) {
      const options = this.options(hub, more);
      const asked = { source: 'it', repository: 'owner/model', revision: 'main', ...wanted };
      const obtained = await obtain(await resolveSettings(options), asked, options);
      return { ...obtained, weights: obtained.weights as string };
    },
    /** Names in `blobs`, sorted. */
    blobs: async (repository?: string) =>
      (await readdir(join(cache, `models--${(repository ?? 'owner/model').replaceAll('/', '--')}`, 'blobs'))).sort(),
    blobPath: (bytes: Uint8Array, kind: 'sha256' | 'git' = 'sha256') =>
      join(cache, 'models--owner--model', 'blobs', kind === 'git' ? gitHash(bytes) : sha256(bytes)),
  };
}
