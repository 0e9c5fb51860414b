import { describe, expect, it } from 'vitest';
import { hubWorld } from '../../test/hub-world';
import { tinySystem, tinyTensors } from '../../test/tiny-system';
import { weightFileForms } from '../../test/weight-file-forms';
import { defineRegistry } from '../pretrained/registry';
import { licenseInCard } from './model-card';

const world = hubWorld();

describe('a model card', () => {
  it.each([
    ['---\nlicense: mit\ntags: [a]\n---\n# Text\nlicense: gpl', { name: 'mit', use: 'any' }],
    ['---\r\ntags: x\r\nlicense: "cc-by-nc-4.0"\r\n---\r\n', { name: 'cc-by-nc-4.0', use: 'non-commercial' }],
    ['---\nlicense:\n- apache-2.0\n---\n', { name: 'apache-2.0', use: 'any' }],
    [
      '---\nlicense: other\nlicense_name: apple-research\nlicense_link: https://x.example/l\n---\n',
      { name: 'apple-research', use: 'research', url: 'https://x.example/l' },
    ],
    ['---\nlicense: other\n---\n', { name: 'unknown', use: 'unknown' }],
    ['# Text\nlicense: mit', undefined],
    ['---\ntags: x\n---\nlicense: mit', undefined],
    ['', undefined],
  ])('%j names %o', async (text, license) => {
    expect(await licenseInCard(new Blob([text]))).toEqual(license);
  });

  it('gives the license of weights that are no preset, downloaded now or found later', async () => {
    const tiny = tinySystem('test/tiny', [3]);
    const card = '---\nlicense: cc-by-nc-4.0\n---\n';
    const files = {
      'model.safetensors': weightFileForms(tinyTensors({ width: 4 }))['model.safetensors'],
      'config.json': new TextEncoder().encode('{ "width": 4 }'),
      'README.md': new TextEncoder().encode(card),
    };
    const hub = await world.serve(files, { license: 'cc-by-nc-4.0' });
    const registry = defineRegistry('text', { tiny: { presets: ['tiny-3'], load: async () => tiny } });
    for (const offline of [false, true]) {
      const tokenizer = await registry.fromPretrained('owner/model', { ...world.options(hub), engine: 'cpu', offline });
      expect(tokenizer.info.license).toEqual({ name: 'cc-by-nc-4.0', use: 'non-commercial' });
      await tokenizer.dispose();
    }
  });
});
