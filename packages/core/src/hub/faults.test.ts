import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256, type Fault, type HubServer, type SeenRequest } from '../../test/hub-server';
import { hubWorld, noise } from '../../test/hub-world';

const world = hubWorld();
const bytes = noise(200_000);
const files = { 'model.safetensors': bytes };
const one = { connections: 1 };

const isBody = ({ host }: SeenRequest) => host === 'storage';
/** The fault for the first so many requests of the file's bytes. */
const atFirst =
  (fault: Fault, times = 1) =>
  (request: SeenRequest, count: number) =>
    isBody(request) && count < times ? fault : undefined;
const bodies = (hub: HubServer) => hub.requests.filter(isBody);

async function comesThrough(hub: HubServer, more = {}) {
  const { weights } = await world.pull(hub, {}, { ...one, ...more });
  expect(sha256(await readFile(weights))).toBe(sha256(bytes));
  expect(await world.blobs()).toEqual([sha256(bytes)]);
}

async function fails(hub: HubServer, code: string, message: RegExp, more = {}) {
  await expect(world.pull(hub, {}, { ...one, ...more })).rejects.toMatchObject({
    name: 'PretrainedError',
    code,
    message: expect.stringMatching(message),
  });
  expect(await readdir(`${world.folder()}/snapshots`).catch(() => [])).toEqual([]);
  expect((await world.blobs().catch(() => [])).filter((name) => !/\.(incomplete|part)$/.test(name))).toEqual([]);
}

describe('a server that refuses', () => {
  it('401: says that the repository is missing or private', async () => {
    const hub = await world.serve(files, { token: 'hf_secret' });
    await fails(hub, 'access', /owner\/model is not there, or not for you.*set HF_TOKEN/);
    await fails(hub, 'access', /the token in use may not read it/, { token: 'hf_other' });
    await comesThrough(hub, { token: 'hf_secret' });
  });

  it('403 of a gated repository: says where to accept the license', async () => {
    const hub = await world.serve(files, { gated: true });
    await fails(hub, 'gated', new RegExp(`do so at ${hub.url}/owner/model, then set HF_TOKEN`));
    await fails(hub, 'gated', /then check that HF_TOKEN is of that account/, { token: 'hf_x' });
  });

  it('404: names the repository, the revision or the file', async () => {
    const hub = await world.serve(files);
    const wanted = { file: 'x.pt', license: { name: 'MIT', use: 'any' } } as const;
    await expect(world.pull(hub, wanted)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/no file x\.pt at main/),
    });
    await expect(world.pull(hub, { revision: 'v9' })).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/no revision v9/),
    });
    hub.fault = () => ({ status: 404, headers: { 'x-error-code': 'RepoNotFound' } });
    await expect(world.pull(hub, wanted)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/is not there: check the name/),
    });
    hub.fault = () => ({ status: 418 });
    await expect(world.pull(hub)).rejects.toMatchObject({
      code: 'download',
      message: expect.stringMatching(/status 418/),
    });
  });

  it('404 of the bytes themselves', async () => {
    const hub = await world.serve(files);
    hub.fault = atFirst({ status: 404 }, 99);
    await fails(hub, 'not-found', /no file model\.safetensors/);
  });
});

describe('a server that is busy', () => {
  it('429: waits as long as it is told', async () => {
    const hub = await world.serve(files);
    hub.fault = atFirst({ status: 429, headers: { 'retry-after': '1' } });
    const before = Date.now();
    await comesThrough(hub);
    expect(Date.now() - before).toBeGreaterThan(950);
    expect(bodies(hub).length).toBe(2);
  });

  it('429: does not wait for ever', async () => {
    const hub = await world.serve(files);
    hub.fault = () => ({ status: 429, headers: { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() } });
    await fails(hub, 'download', /status 429; it asks to come back in 3[56]\d\d s/);
    expect(hub.requests.length).toBe(1);
  });

  it.each([500, 502, 503, 504, 408])('%i: tries again, and ends', async (status) => {
    const hub = await world.serve(files);
    hub.fault = (_, count) => (count < 1 ? { status } : undefined);
    await comesThrough(hub);
    hub.requests.length = 0;
    hub.fault = () => ({ status });
    await expect(world.pull(hub)).rejects.toMatchObject({
      code: 'download',
      message: expect.stringContaining(`status ${status}`),
    });
    expect(hub.requests.length).toBe(4);
  });

  it('503 while a download is resumed: no half file is used (F102)', async () => {
    const hub = await world.serve(files);
    hub.fault = (request, count) =>
      isBody(request) ? (count === 0 ? { cutAfter: 100_000 } : { status: 503 }) : undefined;
    await fails(hub, 'download', /status 503.*goes on from there/);
    hub.fault = () => undefined;
    hub.requests.length = 0;
    await comesThrough(hub);
    expect(bodies(hub)[0]!.range![0]).toBeGreaterThan(0);
  });
});

describe('a connection that breaks', () => {
  it('in the middle: goes on from the last byte', async () => {
    const hub = await world.serve(files);
    hub.fault = (request, count) => (isBody(request) && count < 7 ? { cutAfter: 25_000 } : undefined);
    await comesThrough(hub);
    const starts = bodies(hub).map(({ range }) => range![0]);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    // Seven breaks are more than four tries: what brings something new does not count.
    expect(bodies(hub).length).toBe(8);
  });

  it('in the middle, over several connections', async () => {
    const hub = await world.serve(files);
    hub.fault = (request) => (isBody(request) && Math.random() < 0.5 ? { cutAfter: 5000 } : undefined);
    await comesThrough(hub, { connections: 4, segmentBytes: 30_000, patience: { attempts: 30 } });
  });

  it('before the first byte, each time: ends', async () => {
    const hub = await world.serve(files);
    hub.fault = atFirst({ cutAfter: 0 }, 99);
    await fails(hub, 'download', /what has arrived is kept/i);
    expect(bodies(hub).length).toBe(4);
  });

  it('falls silent: is given up and opened again', async () => {
    const hub = await world.serve(files);
    hub.fault = atFirst({ stallAfter: 50_000 }, 2);
    await comesThrough(hub);
    expect(bodies(hub).map(({ range }) => range![0])).toEqual([0, 50_000, 100_000]);
    hub.requests.length = 0;
  });

  it('is silent from the start: ends', async () => {
    const hub = await world.serve(files);
    hub.fault = atFirst({ stallAfter: 0 }, 99);
    await fails(hub, 'download', /fell silent/, { patience: { stallMilliseconds: 60 } });
  });

  it('is refused: says so', async () => {
    const hub = await world.serve(files);
    await hub.close();
    await fails(hub, 'offline', /ECONNREFUSED.*check the connection/i);
  });
});

describe('a server that lies', () => {
  it('about the length: another total, more bytes, fewer bytes', async () => {
    const hub = await world.serve(files);
    hub.fault = atFirst({ length: 199_999 }, 99);
    await fails(hub, 'download', /expected 200000 bytes, got 199999/);
    hub.fault = atFirst({ length: 200_001 }, 99);
    await fails(hub, 'download', /expected 200000 bytes, got 200001/);
    hub.fault = (request) => (isBody(request) ? { headers: { 'content-range': 'bytes 7-199999/200000' } } : undefined);
    await fails(hub, 'download', /the range bytes 7-199999\/200000 for bytes from 0/);
    hub.fault = (request) =>
      isBody(request) ? { headers: { 'content-length': '100', 'content-range': 'bytes 0-99/200000' } } : undefined;
    await fails(hub, 'download', /./, { patience: { attempts: 1 } });
  });

  it('about the content: deletes it, tries what was resumed once more, ends', async () => {
    const hub = await world.serve(files);
    hub.fault = atFirst({ flippedBit: true }, 99);
    await fails(hub, 'download', new RegExp(`expected the SHA-256 ${sha256(bytes)}, got .*deleted`));
    expect(await world.blobs()).toEqual([]);
    expect(bodies(hub).length).toBe(1);
    // Rubbish that an earlier run left is not trusted for ever.
    hub.fault = () => undefined;
    await writeFile(`${world.blobPath(bytes)}.incomplete`, noise(50_000, 7));
    await comesThrough(hub);
  });

  it('about a small file: its git hash is checked as well', async () => {
    const hub = await world.serve({ ...files, 'config.json': noise(80) });
    hub.fault = ({ method, path }) =>
      method === 'GET' && path.endsWith('config.json') ? { flippedBit: true } : undefined;
    await fails(hub, 'download', /expected the git SHA-1/);
  });

  it('about ranges: fetches the whole file, also after a break', async () => {
    const hub = await world.serve(files);
    hub.fault = (request) => (isBody(request) ? { ignoresRange: true } : undefined);
    await comesThrough(hub, { connections: 4, segmentBytes: 30_000 });
    await mkdir(dirname(world.blobPath(bytes)), { recursive: true });
  });

  it('about ranges when a part is here already', async () => {
    const hub = await world.serve(files);
    await mkdir(dirname(world.blobPath(bytes)), { recursive: true });
    await writeFile(`${world.blobPath(bytes)}.incomplete`, bytes.subarray(0, 1000));
    hub.fault = (request) => (isBody(request) ? { ignoresRange: true } : undefined);
    await comesThrough(hub);
  });

  it('416 for a part that is complete: it is checked and used (F105)', async () => {
    const hub = await world.serve(files);
    await mkdir(dirname(world.blobPath(bytes)), { recursive: true });
    await writeFile(`${world.blobPath(bytes)}.incomplete`, bytes);
    hub.fault = atFirst({ status: 416, headers: { 'content-range': `bytes */${bytes.length}` } }, 99);
    await comesThrough(hub);
    expect(bodies(hub).length).toBe(0);
  });

  it('416 for bytes that should be there: ends', async () => {
    const hub = await world.serve(files);
    hub.fault = atFirst({ status: 416, headers: { 'content-range': 'bytes */5' } }, 99);
    await fails(hub, 'download', /expected 200000 bytes, got 5/);
  });

  it('with names that lead out of the repository', async () => {
    const hub = await world.serve({ ...files, '../../evil': noise(3) });
    await fails(hub, 'download', /name of a file inside the repository, got "..\/..\/evil"/);
    const other = await world.serve(files);
    const wanted = { file: 'model.safetensors', license: { name: 'MIT', use: 'any' } } as const;
    const lies: readonly Readonly<Record<string, string>>[] = [
      { 'x-repo-commit': '../../..' },
      { 'x-linked-etag': '"../../evil"' },
      { 'x-repo-commit': '' },
    ];
    for (const headers of lies) {
      other.fault = ({ method }) => (method === 'HEAD' ? { headers } : undefined);
      await expect(world.pull(other, wanted)).rejects.toMatchObject({
        code: 'download',
        message: expect.stringContaining('as a hub does'),
      });
    }
  });

  it('with something that is no list of files', async () => {
    const hub = await world.serve(files);
    hub.fault = ({ path }) =>
      path.startsWith('/api/') ? { redirect: `${hub.url}/owner/model/resolve/main/model.safetensors` } : undefined;
    await fails(hub, 'download', /list of files/);
  });
});

describe('redirects', () => {
  it('do not take the token to another host', async () => {
    const hub = await world.serve(files, { token: 'hf_secret' });
    await comesThrough(hub, { token: 'hf_secret' });
    expect(
      hub.requests
        .filter(({ host }) => host === 'hub')
        .every(({ headers }) => headers.authorization === 'Bearer hf_secret'),
    ).toBe(true);
    expect(bodies(hub).map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it('give the token back to the hub when they lead there again', async () => {
    const hub = await world.serve(files, { token: 'hf_secret' });
    const elsewhere = await world.serve(files);
    elsewhere.fault = ({ path }) => ({ redirect: `${hub.url}${path}` });
    hub.fault = ({ path, headers, method }, count) =>
      method === 'GET' && path.includes('/resolve/') && count === 0 && headers
        ? { redirect: `${elsewhere.url}${path}` }
        : undefined;
    await comesThrough(hub, { token: 'hf_secret' });
    expect(elsewhere.requests.length).toBe(1);
    expect(elsewhere.requests[0]!.headers.authorization).toBeUndefined();
  });

  it('end after ten', async () => {
    const hub = await world.serve(files);
    hub.fault = (request) => (isBody(request) ? { redirect: `${hub.storageUrl}${request.path}` } : undefined);
    await fails(hub, 'download', /redirects more than 10 times/);
    expect(bodies(hub).length).toBe(10);
  });

  it('to what is not the web are not followed', async () => {
    const hub = await world.serve(files);
    for (const redirect of ['file:///etc/passwd', 'data:text/plain,x']) {
      hub.fault = (request) => (isBody(request) ? { redirect } : undefined);
      await fails(hub, 'download', /what is no web address/);
    }
  });
});

describe('an abort', () => {
  it.each(Array.from({ length: 10 }, (_, index) => index))(
    'ends a download at once, point %i (F114)',
    async (point) => {
      const hub = await world.serve(files);
      hub.bytesPerSecond = 400_000;
      const controller = new AbortController();
      const reason = new Error('stop');
      let aborted = 0;
      const timer = setTimeout(() => {
        aborted = Date.now();
        controller.abort(reason);
      }, point * 25);
      const pulled = world.pull(hub, {}, { signal: controller.signal, connections: 2, segmentBytes: 60_000 });
      const outcome = await pulled.then(
        () => 'done',
        (error: unknown) => error,
      );
      clearTimeout(timer);
      expect(outcome).toBe(reason);
      expect(Date.now() - aborted).toBeLessThan(200);
      hub.bytesPerSecond = Infinity;
      await comesThrough(hub);
    },
  );
});
