import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HubServer, startHubServer } from '../../core/test/hub-server';
import { satThreshold, textModels } from './neural';
import { publishedModels } from './published-models';

describe('textModels', () => {
  it('lists the published models, each of a system that is here, with its license and paper', async () => {
    const systems = new Set((await textModels.systems()).map(({ id }) => id));
    const list = await textModels.list();
    expect(list.map(({ name }) => name)).toEqual(Object.keys(publishedModels));
    expect(list.length).toBe(22);
    for (const { name, system, license, paper, source } of list) {
      expect(systems).toContain(system);
      expect(license.use).toBe(system === 'text/zett' ? 'unknown' : 'any');
      expect(paper).toMatch(/^\d{4}\.\d{5}$/);
      expect(source.repository).toMatch(new RegExp(`^(segment-any-text|benjamin)/${name}$`));
    }
    expect(satThreshold('sat-12l-no-limited-lookahead')).toBe(0.01);
  });
  it('names what there is', async () => {
    await expect(textModels.fromPretrained('sat-3l-smm')).rejects.toThrow(/sat-3l-sm/);
    await expect(textModels.fromPretrained('constructor')).rejects.toThrow(/No model is called/);
  });
});

describe('a published model', () => {
  let hub: HubServer;
  let cacheDirectory = '';
  beforeAll(async () => {
    const config = new TextEncoder().encode('{"num_labels": 1, "num_hidden_layers": 99}');
    hub = await startHubServer({
      'segment-any-text/sat-3l-sm': {
        commit: '0123456789abcdef0123456789abcdef01234567',
        files: { 'model.safetensors': emptySafetensors(), 'config.json': config },
        license: 'mit',
      },
    });
    cacheDirectory = await mkdtemp(join(tmpdir(), 'tesserae-text-models-'));
  });
  afterAll(async () => {
    await hub.close();
    await rm(cacheDirectory, { recursive: true, force: true });
  });
  it('is opened from its repository by its own configuration', async () => {
    const options = { endpoint: hub.url, cacheDirectory, onLicense: () => undefined, offline: false };
    // The file has one tensor; 99 layers of 16 are the configuration of the repository.
    await expect(textModels.fromPretrained('sat-3l-sm', options)).rejects.toThrow(/1590 missing/);
    const { problems } = await textModels.inspect('sat-3l-sm', options);
    expect(problems.join(' ')).not.toBe('');
  });
});

function emptySafetensors(): Uint8Array {
  const header = new TextEncoder().encode('{"classifier.bias":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}');
  const file = new Uint8Array(8 + header.length + 4);
  new DataView(file.buffer).setUint32(0, header.length, true);
  file.set(header, 8);
  return file;
}
