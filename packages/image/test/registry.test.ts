import { describe, expect, it } from 'vitest';
import { parsePipeline } from '../src/pipelines/pipelines';
import { imageTokenizers } from '../src/registry';
import type { TitokConfig } from '../src/titok/config';

describe('the registry', async () => {
  const systems = await imageTokenizers.systems();
  const listed = await imageTokenizers.list();

  it('lists every preset of every system once', () => {
    const names = systems.flatMap(({ presets }) => Object.keys(presets));
    expect(listed.map(({ name }) => name)).toEqual(names);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(listed)('$name is complete', ({ license, paper, source }) => {
    expect(license.name).not.toBe('');
    expect(['any', 'research', 'non-commercial', 'unknown']).toContain(license.use);
    expect(paper).not.toBe('');
    expect(source.file).toMatch(/\.(safetensors|bin|pth|pt)$/);
    expect(source.bundled === true || source.repository !== undefined || source.url !== undefined).toBe(true);
  });

  it.each(systems.flatMap(({ presets }) => Object.entries(presets)))(
    '%s has a pipeline that exists',
    (_, { pipeline }) => {
      expect(() => parsePipeline(pipeline)).not.toThrow();
    },
  );

  it('declares as many parameters as published for TiTok and One-D-Piece', async () => {
    const { randomWeights } = await import('../../core/src/checkpoint/random-weights');
    const { readWeights } = await import('../src/titok/weights');
    for (const { id, presets } of systems) {
      if (id !== 'image/titok' && id !== 'image/one-d-piece') continue;
      for (const [name, { config, parameters }] of Object.entries(presets)) {
        const { mapped } = randomWeights((map) => readWeights(map, config as TitokConfig), 0);
        const counted = mapped.reduce(
          (sum, { shape }) => sum + shape.reduce((product, length) => product * length, 1),
          0,
        );
        expect(`${name}: ${counted}`).toBe(`${name}: ${parameters}`);
      }
    }
  });

  it('answers a mistyped preset with the nearest names', async () => {
    await expect(imageTokenizers.fromPretrained('titok-l23')).rejects.toMatchObject({
      name: 'PretrainedError',
      code: 'unknown-preset',
      message: expect.stringContaining('titok-l32'),
    });
  });

  it('says how to get weights that are not here', async () => {
    await expect(
      imageTokenizers.fromPretrained('titok-s128', { cacheDirectory: '/nonexistent' }),
    ).rejects.toMatchObject({
      code: 'offline',
      message: expect.stringContaining(
        'https://huggingface.co/yucornetto/tokenizer_titok_s128_imagenet/resolve/main/model.safetensors',
      ),
    });
  });
});
