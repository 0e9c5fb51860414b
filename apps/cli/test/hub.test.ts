import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sha256, startHubServer, type HubServer } from '../../../packages/core/test/hub-server';
import { commandBox, finished } from './tesserae';

const box = commandBox();
const commit = '0123456789abcdef0123456789abcdef01234567';
const weights = Uint8Array.from({ length: 5000 }, (_, index) => (index * 7919) >>> 4);
const config = new TextEncoder().encode('{}');
const titok = 'yucornetto/tokenizer_titok_l32_imagenet';
const piece = 'turing-motors/One-D-Piece-S-256';

let hub: HubServer;
let cache = '';
beforeEach(async () => {
  hub = await startHubServer({
    [titok]: { commit, files: { 'model.safetensors': weights } },
    [piece]: { commit, files: { 'pytorch_model.bin': weights } },
    'owner/free': { commit, files: { 'model.safetensors': weights, 'config.json': config }, license: 'mit' },
    'owner/narrow': { commit, files: { 'model.safetensors': weights }, license: 'cc-by-nc-4.0' },
    'owner/large': { commit, files: { 'model.safetensors': new Uint8Array(500_000) }, license: 'mit' },
    'owner/gated': { commit, files: {}, gated: true },
  });
  cache = await mkdtemp(join(tmpdir(), 'tesserae-hub-'));
  vi.stubEnv('HF_ENDPOINT', hub.url);
  vi.stubEnv('HF_HUB_CACHE', cache);
  vi.stubEnv('XDG_CACHE_HOME', join(cache, 'xdg'));
  vi.stubEnv('HF_HUB_OFFLINE', '');
  vi.stubEnv('HF_TOKEN', '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await hub.close();
  await rm(cache, { recursive: true, force: true });
});

describe('pull', () => {
  it('downloads a preset or a repository, says what it is and where it lies', async () => {
    const first = await box.run('pull', 'one-d-piece-s256', 'owner/free@main');
    expect(first.code).toBe(0);
    expect(first.stderr).toMatch(
      /^one-d-piece-s256: downloading pytorch_model\.bin \(5000 bytes, [\d.]+ MB of memory to encode, .* to decode\)\. License of the weights: Apache-2\.0/,
    );
    const out = first.stdout.toString();
    expect(out).toContain(
      `one-d-piece-s256 at 0123456789ab, Apache-2.0\n  pytorch_model.bin  5.0 kB  downloaded  SHA-256 ${sha256(weights)}`,
    );
    expect(out).toMatch(/owner\/free@main at 0123456789ab, mit\n  config\.json {2}2 B {2}downloaded {2}git /);
    const path = join(cache, `models--${piece.replace('/', '--')}`, 'snapshots', commit, 'pytorch_model.bin');
    expect(out).toContain(`-> ${path}`);
    expect(sha256(await readFile(path))).toBe(sha256(weights));
    const again = await box.run('pull', 'one-d-piece-s256');
    expect(again.stderr).toBe('');
    expect(again.stdout.toString()).toContain('was here');
    expect(await box.json('pull', 'one-d-piece-s256', 'image-starter')).toMatchObject([
      {
        name: 'one-d-piece-s256',
        commit,
        license: { use: 'any' },
        files: [{ file: 'pytorch_model.bin', path, bytes: 5000, isNew: false }],
      },
      { name: 'image-starter', files: [] },
    ]);
    const quiet = await box.run('pull', 'owner/free', '--quiet', '--cache', join(cache, 'other'));
    expect([quiet.code, quiet.stdout.length, quiet.stderr]).toEqual([0, 0, '']);
  });

  it('asks for consent where not every use is free; scripts give it', async () => {
    await box.fails(1, 'give --accept-license', 'pull', 'owner/narrow');
    expect(hub.bytesSent()).toBe(0);
    const { code, stderr, stdout } = await box.run('pull', 'owner/narrow', '--accept-license');
    expect([code, stderr]).toEqual([0, expect.stringContaining('cc-by-nc-4.0: not for commercial use')]);
    expect(stdout.toString()).toContain('cc-by-nc-4.0 (non-commercial)');
  });

  it('says what to do when it cannot', async () => {
    await box.fails(2, 'expected a preset or a repository', 'pull');
    await box.fails(1, 'Did you mean titok-l32', 'pull', 'titok-l23');
    await box.fails(1, `accept a license first: do so at ${hub.url}/owner/gated`, 'pull', 'owner/gated');
    await box.fails(1, 'check the name', 'pull', 'owner/absent');
    expect(await box.json('pull', 'owner/gated')).toMatchObject({ error: { name: 'PretrainedError', code: 'gated' } });
    vi.stubEnv('HF_HUB_OFFLINE', '1');
    await box.fails(1, 'nothing may be downloaded', 'pull', 'owner/free');
  });

  it('stops at Ctrl-C and goes on later', async () => {
    hub.bytesPerSecond = 100_000;
    const child = box.start(['pull', 'owner/large']);
    const end = finished(child);
    await vi.waitFor(() => expect(hub.bytesSent()).toBeGreaterThan(100), 30_000);
    child.kill('SIGINT');
    expect((await end).signal).toBe('SIGINT');
    hub.bytesPerSecond = Infinity;
    expect((await box.run('pull', 'owner/large')).code).toBe(0);
  });
});

describe('encode', () => {
  it('downloads a preset that is not here, under the same rules', async () => {
    await box.fails(1, 'give --accept-license', 'encode', 'cat.png', '--model', 'titok-l32');
    const { code, stderr } = await box.run('encode', 'cat.png', '--model', 'titok-l32', '--accept-license');
    // The bytes of the test are no checkpoint; they have come all the same.
    expect([code, hub.bytesSent()]).toEqual([1, weights.length]);
    expect(stderr).toMatch(
      /titok-l32: downloading model\.safetensors .* License of the weights: .*: for research only/,
    );
    hub.fault = () => ({ status: 404, headers: { 'x-error-code': 'RepoNotFound' } });
    await box.fails(1, 'is not there: check the name', 'encode', 'cat.png', '--model', 'titok-b64');
  });
});

describe('cache', () => {
  it('lists, checks and removes', async () => {
    expect((await box.run('cache', 'ls')).stdout.toString()).toBe('nothing is cached\n');
    await box.run('pull', 'one-d-piece-s256', 'owner/free', '--quiet');
    const listed = (await box.run('cache', 'ls')).stdout.toString();
    expect(listed).toMatch(/owner\/free +5\.0 kB +- +main = 01234567 +shared/);
    expect(listed).toContain('2 items, 10.0 kB');
    expect(await box.json('cache', 'ls', 'one-d-piece-s256')).toMatchObject({
      bytes: 5000,
      items: [{ name: piece, sharedWithPython: true }],
    });
    const good = await box.run('cache', 'verify');
    expect([good.code, good.stdout.toString()]).toEqual([0, '2 items checked, 0 faults\n']);
    await writeFile(join(cache, 'models--owner--free', 'blobs', sha256(weights)), 'broken');
    await writeFile(join(cache, 'models--owner--free', 'blobs', `${'a'.repeat(64)}.incomplete`), 'abc');
    const bad = await box.run('cache', 'verify');
    expect(bad.code).toBe(1);
    expect(bad.stdout.toString()).toMatch(
      /damaged .*incomplete .*2 items checked, 1 faults\nto mend: tesserae cache rm owner\/free, then tesserae pull owner\/free/s,
    );
    expect(await box.json('cache', 'verify', 'owner/free')).toMatchObject({
      problems: [{ kind: 'damaged' }, { kind: 'incomplete' }],
    });
    expect((await box.run('cache', 'rm', '--incomplete', '--dry-run')).stdout.toString()).toContain(
      '1 files, 3 B would go',
    );
    expect((await box.run('cache', 'rm', '--incomplete')).stdout.toString()).toContain('3 B freed');
    expect(await box.json('cache', 'rm', 'owner/free@main')).toMatchObject({
      removed: [{ name: 'owner/free', revision: 'main', files: 2 }],
    });
    await box.run('cache', 'rm', 'one-d-piece-s256');
    expect(await box.json('cache', 'ls')).toEqual({ bytes: 0, items: [] });
  });

  it('of a wrong name or action', async () => {
    await box.fails(2, 'expected ls, verify or rm', 'cache');
    await box.fails(2, 'expected ls, verify or rm, got list', 'cache', 'list');
    await box.fails(2, 'give --incomplete or --all', 'cache', 'rm');
    await box.fails(1, 'something that tesserae cache ls lists', 'cache', 'rm', 'owner/none');
  });
});
