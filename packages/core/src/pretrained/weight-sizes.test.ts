import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hubWorld } from '../../test/hub-world';
import { tinyInput, tinySystem, tinyTensors } from '../../test/tiny-system';
import { weightFileForms } from '../../test/weight-file-forms';
import type { LicenseNotice } from '../hub/license-notice';
import { platform } from '../platform/node';
import { defineRegistry } from './registry';
import { memoryLimit } from './weight-sizes';

const world = hubWorld();
const tiny = tinySystem();
const weights = weightFileForms(tinyTensors({ width: 3 }))['model.safetensors'];
/** Two linear layers and a table of 8 codes, each function with the table and one layer. */
const sizes = { encode: 4 * (6 + 3 + 24), decode: 4 * (6 + 2 + 24) };
const engine = 'cpu';

describe('what weights take', () => {
  it('stands in info and in the list, for each half', async () => {
    const tokenizer = await tiny.fromPretrained(weights, { engine });
    expect(tokenizer.info.sizes).toEqual({ diskBytes: 0, functionBytes: sizes, memoryBytes: 4 * (6 + 3 + 6 + 2 + 24) });
    await tokenizer.dispose();
    const path = join(world.cache(), 'w.safetensors');
    await writeFile(path, weights);
    const fromFile = await tiny.fromPretrained(path, { engine });
    expect(fromFile.info.sizes.diskBytes).toBe(weights.length);
    await fromFile.dispose();
    const registry = defineRegistry('text', { tiny: { presets: ['tiny-3', 'tiny-5'], load: async () => tiny } });
    expect((await registry.list()).map(({ memoryBytes }) => memoryBytes)).toMatchObject([sizes, { encode: 220 }]);
  });

  it('is told before a preset is downloaded', async () => {
    const hub = await world.serve(
      {},
      {},
      { 'owner/tiny-3': { commit: 'a'.repeat(40), files: { 'model.safetensors': weights } } },
    );
    const notices: LicenseNotice[] = [];
    const onLicense = (notice: LicenseNotice) => void notices.push(notice);
    await (await tiny.fromPretrained('tiny-3', { ...world.options(hub), engine, onLicense })).dispose();
    expect(notices).toMatchObject([{ memory: sizes, license: { name: 'MIT' } }]);
    expect(notices[0]!.text).toContain('132 bytes of memory to encode, 128 bytes to decode');
  });
});

describe('too little memory', () => {
  it('is an error before a preset is downloaded, and before a file is read', async () => {
    const hub = await world.serve(
      {},
      {},
      { 'owner/tiny-3': { commit: 'a'.repeat(40), files: { 'model.safetensors': weights } } },
    );
    const error = {
      name: 'PretrainedError',
      code: 'memory',
      message: expect.stringMatching(/needs? 132 bytes of memory to encode, 128 bytes to decode, but only 127 bytes/),
    };
    const options = { ...world.options(hub), engine, memoryBytes: 127 } as const;
    await expect(tiny.fromPretrained('tiny-3', options)).rejects.toMatchObject(error);
    expect(hub.requests).toEqual([]);
    await expect(tiny.fromPretrained(weights, { engine, memoryBytes: 127 })).rejects.toMatchObject(error);
  });

  it('for one half leaves the other', async () => {
    const tokenizer = await tiny.fromPretrained(weights, { engine, memoryBytes: 130 });
    await expect(tokenizer.encode(tinyInput())).rejects.toMatchObject({
      code: 'memory',
      message: expect.stringContaining('132 bytes of memory to encode, but'),
    });
    await tokenizer.dispose();
  });

  it('is measured as the engine needs it', () => {
    expect(memoryLimit({ compiled: true })).toBe(platform.totalMemoryBytes());
    expect(memoryLimit({ compiled: false })).toBeLessThanOrEqual(platform.totalMemoryBytes()!);
  });
});

describe('too little disk', () => {
  it('is an error before the first byte', async () => {
    const hub = await world.serve({ 'model.safetensors': weights });
    const files = platform.cacheFiles!;
    const { freeBytes } = files;
    Object.assign(files, { freeBytes: async () => 10 });
    try {
      await expect(world.pull(hub)).rejects.toMatchObject({
        code: 'disk-space',
        message: expect.stringMatching(/needs \d+ bytes more on disk, but .* has 10 bytes free/),
      });
    } finally {
      Object.assign(files, { freeBytes });
    }
    expect(hub.bytesSent()).toBe(0);
    await mkdir(world.cache(), { recursive: true });
    expect(await freeBytes(join(world.cache(), 'not', 'yet', 'there'))).toBeGreaterThan(0);
  });
});
