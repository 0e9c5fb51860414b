import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFiles } from '../../test/temporary-files';
import { tinyInput, tinySystem, tinyTensors } from '../../test/tiny-system';
import type { TinyTokenizer } from '../../test/tiny-system';
import { weightFileForms } from '../../test/weight-file-forms';
import { defineRegistry } from './registry';
import type { System } from './system';

const files = temporaryFiles();
const loads: string[] = [];
const entry = (id: string, widths: readonly number[]) => ({
  presets: widths.map((width) => `tiny-${width}`),
  load: async () => {
    loads.push(id);
    return tinySystem(id, widths) as unknown as System<unknown, TinyTokenizer>;
  },
});
const registry = defineRegistry<TinyTokenizer>('text', {
  small: entry('test/small', [3, 4]),
  large: entry('test/large', [7, 8]),
});
const bytesOf = (width: number, container?: string) =>
  weightFileForms(tinyTensors({ width }), container)['pytorch_model.bin'];

describe('a registry', () => {
  it('loads only the system whose preset is asked for', async () => {
    loads.length = 0;
    const folder = join(files.folder(), 'preset');
    await mkdir(folder);
    await writeFile(join(folder, 'pytorch_model.bin'), bytesOf(7));
    const tokenizer = await registry.fromPretrained('tiny-7', { folder, engine: 'cpu' });
    expect([tokenizer.info.identity.id, loads]).toEqual(['test/large', ['test/large']]);
    await tokenizer.dispose();
    await expect(registry.fromPretrained('tiny-77')).rejects.toMatchObject({ code: 'unknown-preset' });
  });

  it('lists every preset with what it is', async () => {
    const listed = await registry.list();
    expect(listed.map(({ name, system }) => `${system}: ${name}`)).toEqual([
      'test/small: tiny-3',
      'test/small: tiny-4',
      'test/large: tiny-7',
      'test/large: tiny-8',
    ]);
    expect(listed[0]).toMatchObject({ license: { name: 'MIT' }, paper: '0000.00000' });
  });

  it('recognises a file by its tensors, in a container too', async () => {
    for (const bytes of [bytesOf(4), bytesOf(4, 'state_dict'), bytesOf(4, 'ema')]) {
      expect(await registry.inspect(bytes)).toEqual({ system: 'test/small', preset: 'tiny-4', problems: [] });
    }
    const tokenizer = await registry.fromPretrained(bytesOf(8), { engine: 'cpu' });
    expect(tokenizer.info.identity).toMatchObject({ id: 'test/large', variant: 'tiny-8' });
    await tokenizer.encode(tinyInput());
    await tokenizer.dispose();
  });

  it('uses the configuration beside a file that no preset fits', async () => {
    const folder = join(files.folder(), 'custom');
    await mkdir(folder);
    await writeFile(join(folder, 'pytorch_model.bin'), bytesOf(5));
    expect(await registry.inspect(folder)).toMatchObject({ system: expect.any(String), preset: null });
    await writeFile(join(folder, 'config.json'), '{ "width": 5 }');
    expect(await registry.inspect(folder)).toMatchObject({ preset: null, problems: [] });
    const tokenizer = await registry.fromPretrained(folder, { engine: 'cpu' });
    expect(tokenizer.info.identity.variant).toBe('custom');
    await tokenizer.dispose();
  });

  it('prefers the system that has published a variant where two can read it', async () => {
    const folder = join(files.folder(), 'shared-graph');
    await mkdir(folder);
    await writeFile(join(folder, 'pytorch_model.bin'), bytesOf(8));
    await writeFile(join(folder, 'config.json'), '{ "width": 8 }');
    expect(await registry.inspect(folder)).toEqual({ system: 'test/large', preset: 'tiny-8', problems: [] });
  });

  it('is not misled by the configuration of another model', async () => {
    const folder = join(files.folder(), 'downloads');
    await mkdir(folder);
    await writeFile(join(folder, 'tiny.bin'), bytesOf(4));
    await writeFile(join(folder, 'config.json'), '{ "hidden_size": 768 }');
    const tokenizer = await registry.fromPretrained(join(folder, 'tiny.bin'), { engine: 'cpu' });
    expect(tokenizer.info.identity.variant).toBe('tiny-4');
    await tokenizer.dispose();
  });

  it('looks into the cache that it is given', async () => {
    const cacheDirectory = join(files.folder(), 'cache');
    const snapshot = join(cacheDirectory, 'models--someone--tiny', 'snapshots', 'main');
    await mkdir(snapshot, { recursive: true });
    await writeFile(join(snapshot, 'pytorch_model.bin'), bytesOf(3));
    const tokenizer = await registry.fromPretrained('someone/tiny', { cacheDirectory, engine: 'cpu' });
    expect(tokenizer.info.identity.variant).toBe('tiny-3');
    await tokenizer.dispose();
    expect(await registry.inspect('someone/tiny', { cacheDirectory })).toMatchObject({ preset: 'tiny-3' });
  });

  it('says what is wrong with what it does not know', async () => {
    const { 'encoder.fc.bias': _, ...torn } = tinyTensors({ width: 3 });
    const tornBytes = weightFileForms({ ...torn, 'head.weight': { shape: [1], data: [1] } })['model.safetensors'];
    expect(await registry.inspect(tornBytes)).toEqual({
      system: 'test/small',
      preset: null,
      problems: ['missing encoder.fc.bias', 'unexpected head.weight'],
    });
    const foreign = weightFileForms({ 'bert.weight': { shape: [1], data: [1] } })['model.safetensors'];
    expect(await registry.inspect(foreign)).toEqual({
      system: null,
      preset: null,
      problems: ['no known tensor names'],
    });
    await expect(registry.fromPretrained(foreign)).rejects.toMatchObject({
      name: 'PretrainedError',
      code: 'not-found',
    });
    await expect(registry.fromPretrained(new Uint8Array(3))).rejects.toMatchObject({ name: 'CheckpointError' });
  });
});
