import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser, type FakeBrowser } from '../../test/browser-storage';
import { gitHash, sha256, type HubServer } from '../../test/hub-server';
import { commit, hubWorld, noise } from '../../test/hub-world';
import { tinyInput, tinySystem, tinyTensors } from '../../test/tiny-system';
import { weightFileForms } from '../../test/weight-file-forms';
import { platform } from '../platform/node';
import { openBlobStore } from '../platform/web-blob-store';
import { locateSource } from '../pretrained/source';
import { pullRepository } from './pull';

const world = hubWorld();
const tiny = tinySystem();
const weights = weightFileForms(tinyTensors({ width: 3 }))['model.safetensors'];
const config = new TextEncoder().encode('{ "width": 3 }');
const repository = { commit, files: { 'model.safetensors': weights, 'config.json': config }, license: 'mit' };
const engine = 'cpu';

let browser: FakeBrowser;
beforeEach(() => {
  browser = fakeBrowser();
  Object.assign(platform, { name: 'web' });
  vi.spyOn(platform, 'openBlobStore').mockImplementation(() => openBlobStore(browser));
});
afterEach(() => {
  Object.assign(platform, { name: 'node' });
  vi.restoreAllMocks();
});

const options = (hub: HubServer, more = {}) => world.options(hub, { segmentBytes: 200, connections: 2, ...more });
const bodies = (hub: HubServer) => hub.requests.filter(({ host }) => host === 'storage');

describe('in a browser', () => {
  it('weights are downloaded in pieces, checked, kept, and found again without a connection', async () => {
    const hub = await world.serve({}, {}, { 'owner/tiny-3': repository });
    const tokenizer = await tiny.fromPretrained('owner/tiny-3', { engine, ...options(hub) });
    expect(tokenizer.info.identity.variant).toBe('tiny-3');
    await tokenizer.decode(await tokenizer.encode(tinyInput()));
    await tokenizer.dispose();
    expect(bodies(hub).length).toBe(Math.ceil(weights.length / 200));
    expect(
      [...browser.kept.keys()]
        .map(decodeURIComponent)
        .filter((name) => name.endsWith('whole'))
        .sort(),
    ).toEqual([`blobs/${gitHash(config)}/whole`, `blobs/${sha256(weights)}/whole`].sort());
    const before = hub.requests.length;
    for (const source of ['owner/tiny-3', 'tiny-3', `owner/tiny-3@${commit}`]) {
      const again = await tiny.fromPretrained(source, { engine, ...options(hub), offline: true });
      expect(again.info.identity).toEqual(tokenizer.info.identity);
      await again.dispose();
    }
    expect(hub.requests.length).toBe(before);
    await expect(tiny.fromPretrained('tiny-5', { engine, offline: true })).rejects.toMatchObject({ code: 'offline' });
  });

  it('shards are found by their index', async () => {
    const tensors = tinyTensors({ width: 3 });
    const names = Object.keys(tensors);
    const shard = (keys: readonly string[]) =>
      weightFileForms(Object.fromEntries(keys.map((key) => [key, tensors[key]!])))['model.safetensors'];
    const weightMap = Object.fromEntries(
      names.map((key, index) => [key, index < 2 ? 'one.safetensors' : 'two.safetensors']),
    );
    const files = {
      'model.safetensors.index.json': new TextEncoder().encode(JSON.stringify({ weight_map: weightMap })),
      'one.safetensors': shard(names.slice(0, 2)),
      'two.safetensors': shard(names.slice(2)),
    };
    const hub = await world.serve({}, {}, { 'owner/tiny-3': { commit, files } });
    for (const offline of [false, true]) {
      const tokenizer = await tiny.fromPretrained('owner/tiny-3', { engine, ...options(hub), offline });
      expect(tokenizer.info.identity.variant).toBe('tiny-3');
      await tokenizer.dispose();
    }
  });

  it('a page that was closed goes on with the next piece', async () => {
    const hub = await world.serve({ 'model.safetensors': weights });
    const wanted = { source: 'it', repository: 'owner/model', revision: 'main' };
    hub.fault = ({ range }) => (range && range[0] >= 200 ? { status: 503 } : undefined);
    await expect(pullRepository(wanted, options(hub, { connections: 1 }))).rejects.toMatchObject({ code: 'download' });
    hub.fault = () => undefined;
    hub.requests.length = 0;
    const { files } = await pullRepository(wanted, options(hub));
    expect(files).toMatchObject([{ file: 'model.safetensors', bytes: weights.length, isNew: true }]);
    expect(bodies(hub)[0]!.range![0]).toBe(200);
    expect(await pullRepository(wanted, options(hub))).toMatchObject({ files: [{ isNew: false }] });
  });

  it('wrong bytes are thrown away, also those that were kept before', async () => {
    const hub = await world.serve({ 'model.safetensors': weights });
    const wanted = { source: 'it', repository: 'owner/model', revision: 'main' };
    hub.fault = ({ host, range }) => (host === 'storage' && range![0] === 0 ? { flippedBit: true } : undefined);
    await expect(pullRepository(wanted, options(hub))).rejects.toMatchObject({
      code: 'download',
      message: expect.stringMatching(/expected the hash .* deleted/),
    });
    expect([...browser.kept.keys()].filter((name) => name.startsWith('blobs'))).toEqual([]);
    hub.fault = () => undefined;
    browser.kept.set(encodeURIComponent(`blobs/${sha256(weights)}/0`), new Blob([new Uint8Array(200)]));
    expect((await pullRepository(wanted, options(hub))).files[0]!.isNew).toBe(true);
    browser.kept.delete(encodeURIComponent(`blobs/${sha256(weights)}/1`));
    expect((await pullRepository(wanted, options(hub))).files[0]!.isNew).toBe(true);
  });

  it('servers without ranges, breaks and refusals are met as elsewhere', async () => {
    const bytes = noise(5000);
    const hub = await world.serve({ 'model.safetensors': bytes });
    const wanted = { source: 'it', repository: 'owner/model', revision: 'main' };
    hub.fault = (request, count) =>
      request.host !== 'storage' ? undefined : count < 6 && count % 2 ? { cutAfter: 10 } : { ignoresRange: true };
    expect(await pullRepository(wanted, options(hub))).toMatchObject({ files: [{ bytes: 5000, isNew: true }] });
    hub.fault = () => ({ status: 403, headers: { 'x-error-code': 'GatedRepo' } });
    await expect(pullRepository(wanted, options(hub))).rejects.toMatchObject({ code: 'gated' });
    const reason = new Error('stop');
    const signal = AbortSignal.abort(reason);
    await expect(pullRepository(wanted, options(hub, { signal }))).rejects.toBe(reason);
    await expect(
      pullRepository(
        { ...wanted, file: 'none.pt', license: { name: 'MIT', use: 'any' } },
        options(await world.serve({})),
      ),
    ).rejects.toMatchObject({ code: 'not-found' });
  });

  it('too little room is told before the first byte, or when it ends', async () => {
    const hub = await world.serve({ 'model.safetensors': noise(5000) });
    const wanted = { source: 'it', repository: 'owner/model', revision: 'main' };
    browser = fakeBrowser({ quota: 1000 });
    const error = { name: 'PretrainedError', code: 'disk-space' };
    await expect(pullRepository(wanted, options(hub))).rejects.toMatchObject(error);
    expect(hub.bytesSent()).toBe(0);
    Object.assign(browser.navigator!.storage!, { estimate: undefined });
    await expect(pullRepository(wanted, options(hub))).rejects.toMatchObject(error);
  });

  it('the token is sent to the hub', async () => {
    const hub = await world.serve({ 'model.safetensors': weights }, { token: 'hf_secret' });
    const wanted = { source: 'it', repository: 'owner/model', revision: 'main' };
    await expect(pullRepository(wanted, options(hub))).rejects.toMatchObject({ code: 'access' });
    await pullRepository(wanted, options(hub, { token: 'hf_secret' }));
    expect(bodies(hub).every(({ headers }) => headers.authorization === undefined)).toBe(true);
  });

  it('files at plain addresses are kept by the hash of their address', async () => {
    const hub = await world.serve({ 'w.safetensors': weights });
    const url = `${hub.storageUrl}/${sha256(weights)}`;
    const presets = {
      tiny: { ...tiny.presets['tiny-3']!, source: { url, file: 'w.safetensors', sha256: sha256(weights) } },
    };
    for (const offline of [false, true]) {
      const located = await locateSource('tiny', presets, { ...options(hub), offline });
      expect(new Uint8Array(await (located.weights as Blob).arrayBuffer())).toEqual(Uint8Array.from(weights));
    }
    expect(bodies(hub).length).toBe(1 + Math.ceil(weights.length / 200));
  });
});
