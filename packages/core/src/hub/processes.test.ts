import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { childEnd, removePrograms, startChild } from '../../test/hub-process';
import { sha256 } from '../../test/hub-server';
import { commit, hubWorld, noise } from '../../test/hub-world';
import { tinySystem, tinyTensors } from '../../test/tiny-system';
import { weightFileForms } from '../../test/weight-file-forms';
import { segmentOfName } from './segments';

const world = hubWorld();
afterAll(removePrograms);

/** Stretches of a file that are on disk. */
async function onDisk(blob: string): Promise<readonly (readonly [start: number, end: number])[]> {
  const folder = join(blob, '..');
  const name = blob.slice(folder.length + 1);
  const found: [number, number][] = [];
  for (const file of await readdir(folder).catch(() => [])) {
    const { size } = await stat(join(folder, file));
    const start = file === `${name}.incomplete` ? 0 : segmentOfName(name, file)?.start;
    if (start !== undefined && size > 0) found.push([start, start + size]);
  }
  return found;
}

describe('a download that is killed', () => {
  it('at ten random points goes on from every byte on disk, and loads (F101)', async () => {
    const large = tinySystem('test/tiny', [30_000]);
    const bytes = weightFileForms(tinyTensors({ width: 30_000 }))['model.safetensors'];
    const hub = await world.serve({ 'model.safetensors': bytes });
    const options = world.options(hub, {
      connections: 3,
      segmentBytes: 100_000,
      patience: { stallMilliseconds: 5000 },
    });
    const blob = world.blobPath(bytes);
    let fetchedTwice = 0;
    let kills = 0;
    const runOnce = async (kill: boolean) => {
      const before = await onDisk(blob);
      const requests = hub.requests.length;
      const sent = hub.bytesSent();
      hub.bytesPerSecond = kill ? 1_500_000 : Infinity;
      const child = startChild({ options });
      const ended = childEnd(child);
      if (kill) {
        const until = sent + Math.random() * (bytes.length / 12);
        while (hub.bytesSent() <= until && child.exitCode === null) await delay(1);
        if (child.kill('SIGKILL')) kills += 1;
      }
      const { outcome, stderr } = await ended;
      for (const { host, range } of hub.requests.slice(requests)) {
        if (host !== 'storage') continue;
        const [first, last = bytes.length - 1] = range!;
        for (const [start, end] of before)
          fetchedTwice += Math.max(0, Math.min(end, last + 1) - Math.max(start, first));
      }
      return { outcome, stderr };
    };
    for (let round = 0; round < 10; round += 1) await runOnce(true);
    expect(await runOnce(false)).toMatchObject({ outcome: { weights: expect.stringContaining('model.safetensors') } });
    expect(kills).toBe(10);
    expect(fetchedTwice).toBe(0);
    expect(sha256(await readFile(blob))).toBe(sha256(bytes));
    expect(await world.blobs()).toEqual([sha256(bytes)]);
    const tokenizer = await large.fromPretrained('owner/model', { ...options, offline: true, engine: 'cpu' });
    expect(tokenizer.info.identity.variant).toBe('tiny-30000');
    await tokenizer.dispose();
  });
});

describe('two processes', () => {
  it('that want the same file fetch it once', async () => {
    const bytes = noise(600_000);
    const hub = await world.serve({ 'model.safetensors': bytes });
    hub.bytesPerSecond = 1_500_000;
    const options = world.options(hub, {
      connections: 2,
      segmentBytes: 100_000,
      patience: { stallMilliseconds: 5000 },
    });
    const children = [1, 2, 3].map(() => startChild({ options }));
    const ends = await Promise.all(children.map(childEnd));
    expect(ends.map(({ outcome }) => outcome?.weights)).toEqual(
      Array(3).fill(join(world.folder(), 'snapshots', commit, 'model.safetensors')),
    );
    expect(hub.bytesSent()).toBe(bytes.length);
    expect(await world.blobs()).toEqual([sha256(bytes)]);
    expect(await readdir(join(world.cache(), '.locks', 'models--owner--model'))).toEqual([]);
  });
});

describe('offline', () => {
  const weights = weightFileForms(tinyTensors({ width: 3 }))['model.safetensors'];

  it.each(['HF_HUB_OFFLINE', 'TRANSFORMERS_OFFLINE'])(
    '%s: no socket is opened, found or not (F103)',
    async (variable) => {
      const folder = world.folder('owner/tiny-3');
      await mkdir(join(folder, 'snapshots', commit), { recursive: true });
      await mkdir(join(folder, 'refs'));
      await writeFile(join(folder, 'refs', 'main'), commit);
      await writeFile(join(folder, 'snapshots', commit, 'model.safetensors'), weights);
      const start = (load: string) =>
        childEnd(
          startChild(
            { load, options: { cacheDirectory: world.cache() } },
            {
              withoutNetwork: true,
              environment: { [variable]: '1', HTTPS_PROXY: 'http://127.0.0.1:9', HF_TOKEN: 'hf_x' },
            },
          ),
        );
      for (const source of ['tiny-3', 'owner/tiny-3@main'])
        expect(await start(source)).toEqual({ outcome: { variant: 'tiny-3' }, stderr: '' });
      const { outcome, stderr } = await start('tiny-5');
      expect(stderr).toBe('');
      expect(outcome).toMatchObject({
        code: 'offline',
        message: expect.stringContaining('owner/tiny-5/resolve/main/model.safetensors'),
      });
    },
  );

  it('is what the shim proves: online it is hit', async () => {
    const options = { cacheDirectory: world.cache(), patience: { firstDelayMilliseconds: 1 } };
    const { outcome, stderr } = await childEnd(startChild({ load: 'tiny-5', options }, { withoutNetwork: true }));
    expect(stderr).toContain('NETWORK: ');
    expect(outcome?.code).toMatch(/offline|download/);
  });
});
