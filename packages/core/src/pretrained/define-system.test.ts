import { createHash } from 'node:crypto';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFiles } from '../../test/temporary-files';
import { tinyInput, tinySystem, tinyTensors } from '../../test/tiny-system';
import { weightFileForms } from '../../test/weight-file-forms';
import { CheckpointError } from '../errors';
import { createFakeEngine } from '../test/fake-engine';
import { useLeakGuard } from '../test/leak-guard';
import { sha256OfFile, weightFileHashes } from './file-hash';

const files = temporaryFiles();
const tiny = tinySystem();
const forms = weightFileForms(tinyTensors({ width: 3 }));
const safetensors = forms['model.safetensors'];
const engine = 'cpu';

describe('fromPretrained', () => {
  useLeakGuard();

  it('gives the same tokens and fingerprint from every form of the same weights', async () => {
    const nested = weightFileForms(tinyTensors({ width: 3 }), 'state_dict');
    const all = [...Object.entries(forms), ...Object.entries(nested).map(([name, bytes]) => [`nested-${name}`, bytes])];
    const seen = new Set<string>();
    for (const [name, bytes] of all as [string, Uint8Array][]) {
      const path = await files.write(name, bytes);
      const blob = new Blob([bytes as Uint8Array<ArrayBuffer>]);
      for (const source of [path, pathToFileURL(path), bytes, blob]) {
        const tokenizer = await tiny.fromPretrained(source, { engine });
        expect(tokenizer.info.identity.variant).toBe('tiny-3');
        expect(tokenizer.info.license.name).toBe('MIT');
        const tokens = await tokenizer.encode(tinyInput());
        const { data } = tokens.levels[0]!;
        const decoded = await tokenizer.decode(tokens);
        seen.add(JSON.stringify([tokenizer.info.identity.fingerprint, [...data], [...decoded]]));
        await tokenizer.dispose();
      }
    }
    expect(seen.size).toBe(1);
  });

  it('tells weights apart that differ in one value of one tensor', async () => {
    const changed = structuredClone(tinyTensors({ width: 3 }));
    changed['quantize.embedding.weight']!.data[23]! += 1;
    const prints = await Promise.all(
      [safetensors, weightFileForms(changed)['model.safetensors']].map(async (bytes) => {
        const tokenizer = await tiny.fromPretrained(bytes, { engine });
        await tokenizer.dispose();
        return tokenizer.info.identity.fingerprint;
      }),
    );
    expect(prints[0]).toMatch(/^[0-9a-f]{16}$/);
    expect(prints[0]).not.toBe(prints[1]);
  });

  it('takes the configuration from the caller, the preset, the neighbor, or the one preset that fits', async () => {
    const folder = join(files.folder(), 'with-config');
    await mkdir(folder);
    await writeFile(join(folder, 'model.safetensors'), weightFileForms(tinyTensors({ width: 4 }))['model.safetensors']);
    await expect(tiny.fromPretrained(folder, { engine })).rejects.toMatchObject({ code: 'keys-mismatch' });
    const given = await tiny.fromPretrained(folder, { engine, config: { width: 4 } });
    await writeFile(join(folder, 'config.json'), '{ "width": 4 }');
    const beside = await tiny.fromPretrained(folder, { engine });
    expect([given.info.identity.variant, beside.info.identity.variant]).toEqual(['custom', 'custom']);
    expect(beside.info.identity.fingerprint).toBe(given.info.identity.fingerprint);
    await Promise.all([given.dispose(), beside.dispose()]);
    await writeFile(join(folder, 'config.json'), '{ "width": "4" }');
    await expect(tiny.fromPretrained(folder, { engine })).rejects.toMatchObject({ name: 'ConfigError' });
    await writeFile(join(folder, 'config.json'), 'width: 4');
    await expect(tiny.fromPretrained(folder, { engine })).rejects.toMatchObject({ code: 'no-config' });
  });

  it('is not misled by the configuration of another model in the same folder', async () => {
    const folder = join(files.folder(), 'downloads');
    await mkdir(folder);
    await writeFile(join(folder, 'tiny.bin'), forms['pytorch_model.bin']);
    await writeFile(join(folder, 'config.json'), '{ "hidden_size": 768 }');
    const tokenizer = await tiny.fromPretrained(join(folder, 'tiny.bin'), { engine });
    expect(tokenizer.info.identity.variant).toBe('tiny-3');
    await tokenizer.dispose();
  });

  it('refuses weights of another variant, listing the keys', async () => {
    const folder = join(files.folder(), 'other-variant');
    await mkdir(folder);
    await writeFile(join(folder, 'model.safetensors'), safetensors);
    const error = await tiny.fromPretrained('tiny-5', { folder, engine }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(CheckpointError);
    expect((error as CheckpointError).misshaped.map(({ key }) => key)).toEqual([
      'encoder.fc.weight',
      'encoder.fc.bias',
      'decoder.fc.weight',
      'quantize.embedding.weight',
    ]);
    expect((error as CheckpointError).message).toContain('tiny-5');
  });

  it('loads in part only when asked, and lists what is fresh', async () => {
    const { 'decoder.fc.weight': _, 'decoder.fc.bias': __, ...rest } = tinyTensors({ width: 3 });
    const bytes = weightFileForms({ ...rest, extra: { shape: [1], data: [1] } })['model.safetensors'];
    await expect(tiny.fromPretrained(bytes, { engine, config: { width: 3 } })).rejects.toMatchObject({
      missing: ['decoder.fc.weight', 'decoder.fc.bias'],
      unexpected: ['extra'],
    });
    const tokenizer = await tiny.fromPretrained(bytes, { engine, config: { width: 3 }, partial: true });
    expect(tokenizer.info.fresh).toEqual(['decoder.fc.weight', 'decoder.fc.bias']);
    await tokenizer.decode(await tokenizer.encode(tinyInput()));
    await tokenizer.dispose();
    const whole = await tiny.fromPretrained(safetensors, { engine });
    expect(whole.info.fresh).toEqual([]);
    await whole.dispose();
  });

  it('names the file, its bytes and its hash', async () => {
    const path = await files.write('named.safetensors', safetensors);
    const link = join(files.folder(), 'linked.safetensors');
    await symlink(path, link);
    const tokenizer = await tiny.fromPretrained(link, { engine });
    const sha256 = createHash('sha256').update(safetensors).digest('hex');
    expect(tokenizer.info.files).toEqual([{ name: 'linked.safetensors', path, bytes: safetensors.length }]);
    expect(await weightFileHashes(tokenizer)).toEqual([{ ...tokenizer.info.files[0], sha256 }]);
    expect(await sha256OfFile(safetensors)).toBe(sha256);
    expect(await sha256OfFile(new Blob([safetensors as Uint8Array<ArrayBuffer>]))).toBe(sha256);
    await expect(sha256OfFile(path, { signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow('no');
    await expect(sha256OfFile(`${path}.gone`)).rejects.toMatchObject({ code: 'unreadable' });
    await tokenizer.dispose();
  });

  it('gives an engine of the caller back unharmed', async () => {
    const own = createFakeEngine(() => ({}));
    const tokenizer = await tiny.fromPretrained(safetensors, { engine: own });
    await tokenizer.dispose();
    expect(own.disposed).toBe(false);
    await expect(tiny.fromPretrained(safetensors, { engine: {} as never })).rejects.toMatchObject({
      code: 'unavailable',
    });
  });

  it('stops at an abort', async () => {
    const reason = new Error('stop');
    const path = await files.write('abort.safetensors', safetensors);
    await expect(tiny.fromPretrained(path, { engine, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('makes random weights that a seed repeats', async () => {
    const same = await Promise.all(
      [1, 1, 2].map(async (seed) => {
        const tokenizer = await tiny.fromConfig({ width: 6 }, { seed, engine });
        const tokens = await tokenizer.encode(tinyInput());
        await tokenizer.dispose();
        return JSON.stringify([tokenizer.info.identity, [...tokens.levels[0]!.data]]);
      }),
    );
    expect(same[0]).toBe(same[1]);
    expect(same[0]).not.toBe(same[2]);
  });
});
