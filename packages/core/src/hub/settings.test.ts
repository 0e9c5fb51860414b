import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hubWorld, noise } from '../../test/hub-world';
import { proxyOf } from '../platform/node-fetch';
import { hubCacheFolder } from './cache-folder';
import { isOffline, resolveSettings } from './settings';

const world = hubWorld();
const names = `HF_HUB_CACHE HUGGINGFACE_HUB_CACHE HF_HOME XDG_CACHE_HOME HF_TOKEN HUGGING_FACE_HUB_TOKEN HF_TOKEN_PATH
  HF_ENDPOINT HF_HUB_OFFLINE TRANSFORMERS_OFFLINE HF_HUB_DISABLE_IMPLICIT_TOKEN
  HTTPS_PROXY HTTP_PROXY ALL_PROXY NO_PROXY https_proxy http_proxy all_proxy no_proxy`.split(/\s+/);
beforeEach(() => names.forEach((name) => vi.stubEnv(name, '')));
afterEach(() => vi.unstubAllEnvs());

describe('settings', () => {
  it('come from the environment, and options go before it', async () => {
    vi.stubEnv('HF_HOME', world.cache());
    expect(await resolveSettings()).toMatchObject({
      endpoint: new URL('https://huggingface.co/'),
      token: undefined,
      offline: false,
      cache: join(world.cache(), 'hub'),
    });
    vi.stubEnv('HF_ENDPOINT', 'https://mirror.example/hub');
    vi.stubEnv('HF_HUB_CACHE', '/other');
    expect((await resolveSettings()).endpoint.href).toBe('https://mirror.example/hub/');
    expect(hubCacheFolder()).toBe('/other');
    expect((await resolveSettings({ endpoint: 'http://x', cacheDirectory: '/mine' })).endpoint.href).toBe('http://x/');
    vi.stubEnv('HOME', '/home/someone');
    vi.stubEnv('HF_HUB_CACHE', '~/models');
    expect(hubCacheFolder()).toBe('/home/someone/models');
    vi.stubEnv('HF_ENDPOINT', 'mirror.example');
    await expect(resolveSettings()).rejects.toMatchObject({ name: 'InputError', argument: 'HF_ENDPOINT' });
  });

  it('know the token: option, variable, file', async () => {
    vi.stubEnv('HF_HOME', world.cache());
    await writeFile(join(world.cache(), 'token'), 'hf_file\n');
    expect((await resolveSettings()).token).toBe('hf_file');
    await writeFile(join(world.cache(), 'elsewhere'), 'hf_elsewhere');
    vi.stubEnv('HF_TOKEN_PATH', join(world.cache(), 'elsewhere'));
    expect((await resolveSettings()).token).toBe('hf_elsewhere');
    vi.stubEnv('HF_TOKEN', ' hf_variable ');
    expect((await resolveSettings()).token).toBe('hf_variable');
    expect((await resolveSettings({ token: 'hf_option' })).token).toBe('hf_option');
    expect((await resolveSettings({ token: '' })).token).toBeUndefined();
    const error = await resolveSettings({ token: 'hf_a\r\nx: y' }).catch((caught: Error) => caught);
    expect(error).toMatchObject({ name: 'InputError' });
    expect((error as Error).message).not.toContain('hf_a');
    vi.stubEnv('HF_TOKEN', '');
    vi.stubEnv('HF_HUB_DISABLE_IMPLICIT_TOKEN', '1');
    expect((await resolveSettings()).token).toBeUndefined();
  });

  it.each(['1', 'true', 'YES', 'on'])('are offline at %s', (value) => {
    vi.stubEnv('TRANSFORMERS_OFFLINE', value);
    expect(isOffline()).toBe(true);
    vi.stubEnv('TRANSFORMERS_OFFLINE', '0');
    expect(isOffline()).toBe(false);
  });
});

describe('proxies', () => {
  it('are those that the environment names', () => {
    vi.stubEnv('HTTPS_PROXY', 'http://secure:1');
    vi.stubEnv('http_proxy', 'http://plain:2');
    vi.stubEnv('NO_PROXY', 'localhost, .internal.example,*.wild.example 10.0.0.7:8080,[::1]');
    const of = (url: string) => proxyOf(new URL(url));
    expect(of('https://huggingface.co/x')).toBe('http://secure:1');
    expect(of('http://huggingface.co/x')).toBe('http://plain:2');
    for (const exempt of [
      'https://localhost:99',
      'https://a.internal.example',
      'https://internal.example',
      'https://b.wild.example',
      'http://10.0.0.7:8080',
      'http://[::1]:5',
    ])
      expect(of(exempt)).toBeUndefined();
    for (const proxied of ['https://notinternal.example', 'https://10.0.0.7:8081']) expect(of(proxied)).toBeDefined();
    vi.stubEnv('NO_PROXY', '*');
    expect(of('https://huggingface.co/x')).toBeUndefined();
    vi.stubEnv('NO_PROXY', '');
    vi.stubEnv('HTTPS_PROXY', '');
    vi.stubEnv('ALL_PROXY', 'http://all:3');
    expect(of('https://huggingface.co/x')).toBe('http://all:3');
  });

  it('carry the whole download (F113)', async () => {
    const bytes = noise(50_000);
    const hub = await world.serve({ 'model.safetensors': bytes });
    const { proxy, asked } = await startProxy();
    vi.stubEnv('HTTP_PROXY', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    // A name that only the proxy knows: without it nothing would be found.
    const endpoint = hub.url.replace('127.0.0.1', 'hub.invalid');
    hub.fault = ({ path, host, method }) =>
      host === 'hub' && method === 'GET' && path.includes('/resolve/')
        ? {
            redirect: `${hub.storageUrl.replace('localhost', 'storage.invalid')}/${world.blobPath(bytes).split('/').at(-1)}`,
          }
        : undefined;
    await world.pull(hub, {}, { endpoint });
    expect(new Set(asked.map((host) => host.split(':')[0]))).toEqual(new Set(['hub.invalid', 'storage.invalid']));
    expect(await world.blobs()).toHaveLength(1);
    asked.length = 0;
    vi.stubEnv('NO_PROXY', '127.0.0.1');
    await world.pull(hub, { revision: 'main' });
    expect(asked).toEqual([]);
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
  });
});

/** A proxy that leads every host to this machine. */
async function startProxy(): Promise<{ readonly proxy: Server; readonly asked: string[] }> {
  const asked: string[] = [];
  const proxy = createServer();
  proxy.on('connect', ({ url = '' }, socket) => {
    asked.push(url);
    const upstream = connect(Number(url.split(':')[1]), url.startsWith('hub') ? '127.0.0.1' : 'localhost', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return { proxy, asked };
}
