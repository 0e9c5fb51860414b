import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { modelFunction } from '../src/engine/engine';
import { ConfigError, PretrainedError } from '../src/errors';
import { defineSystem } from '../src/pretrained/define-system';
import type { Json } from '../src/signal/signal';
import { createFakeEngine } from '../src/test/fake-engine';
import { safetensorsBytes } from '../src/test/safetensors-bytes';
import { floats, safetensors, torchZip } from './attacks/file-writers';
import { dict, global, integer, tensor, type Part } from './attacks/pickle-writer';
import { temporaryFiles } from './temporary-files';
import { tinySystem, tinyTensors } from './tiny-system';

const files = temporaryFiles();
const tiny = tinySystem();
/** No preset has this width. */
const width = 4;
const official = tinyTensors({ width });

/** The fingerprint of the weights, which depends on the width. */
async function loaded(source: string | Uint8Array, config?: Json): Promise<string> {
  const engine = createFakeEngine(() => ({}));
  const tokenizer = await tiny.fromPretrained(source, { engine, ...(config !== undefined && { config }) });
  await tokenizer.dispose();
  return tokenizer.info.identity.fingerprint;
}

const expected = () => loaded(safetensorsBytes(official), { width });

async function folder(name: string, beside: Readonly<Record<string, string>>): Promise<string> {
  const path = join(files.folder(), name);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'last.safetensors'), safetensorsBytes(official));
  for (const [file, text] of Object.entries(beside)) await writeFile(join(path, file), text);
  return path;
}

/** The official tensors with a header of strings. */
function withMetadata(metadata: Readonly<Record<string, string>>): Uint8Array {
  const entries = Object.entries(official);
  let position = 0;
  const header = Object.fromEntries(
    entries.map(([key, { shape, data }]) => {
      const start = position;
      position += data.length * 4;
      return [key, { dtype: 'F32', shape, data_offsets: [start, position] }];
    }),
  );
  return safetensors({ __metadata__: metadata, ...header }, floats(...entries.flatMap(([, { data }]) => [...data])));
}

/** The same in a Lightning checkpoint. */
function lightning(...more: readonly (readonly [string, Part])[]): Uint8Array {
  const entries = Object.entries(official);
  return torchZip(
    dict(
      [
        'state_dict',
        dict(...entries.map(([key, { shape }], index) => [key, tensor({ key: String(index), shape })] as const)),
      ],
      ...more,
    ),
    Object.fromEntries(entries.map(([, { data }], index) => [String(index), floats(...data)])),
  );
}

describe('a configuration', () => {
  it.each([
    ['config.json', '{"width": 4}'],
    ['config.yaml', 'width: 4\n'],
    ['last.yaml', '# beside last.safetensors\nwidth: 4\n'],
    ['hparams.yaml', 'width: 4\n'],
    ['config.yml', "{'width': 4}"],
  ])('is read from %s beside the weights', async (name, text) => {
    expect(await loaded(await folder(name, { [name]: text }))).toBe(await expected());
  });

  it('of the weight file goes before one of the folder, and faults are told', async () => {
    const path = await folder('two', { 'last.yaml': 'width: 4\n', 'config.yaml': 'width: 9\n' });
    expect(await loaded(path)).toBe(await expected());
    const broken = await folder('broken', { 'config.yaml': 'width: !!python/object/apply:os.system [id]\n' });
    const outcome = await loaded(broken).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(PretrainedError);
    expect(outcome).toMatchObject({
      code: 'no-config',
      message: expect.stringContaining('python/object/apply:os.system'),
    });
  });

  it('that cannot be read is no matter where a preset fits', async () => {
    const path = await folder('preset', { 'last.yaml': 'model: !new:some.Module\n  width: 3\n' });
    await writeFile(join(path, 'last.safetensors'), safetensorsBytes(tinyTensors({ width: 3 })));
    expect(await loaded(path)).toMatch(/^[0-9a-f]{16}$/);
  });

  it('is read from the header of safetensors, as JSON or as Python literals', async () => {
    expect(await loaded(withMetadata({ format: 'pt', config: '{"width": 4}' }))).toBe(await expected());
    expect(await loaded(withMetadata({ format: 'pt', width: '4' }))).toBe(await expected());
    expect(await loaded(withMetadata({ config: "{'width': 4, 'other': None}" }))).toBe(await expected());
  });

  it('is read from an argparse Namespace in a pickle', async () => {
    const args: Part = [global('argparse', 'Namespace'), ')\x81', dict(['width', integer(4)]), 'b'];
    expect(await loaded(lightning(['hyper_parameters', dict(['args', args])]))).toBe(await expected());
    expect(await loaded(lightning(['args', args]))).toBe(await expected());
  });

  it('that does not fit the tensors, or is none of this system, is not taken', async () => {
    for (const source of [
      lightning(['config', dict(['width', integer(9)])]),
      lightning(['config', dict(['w', integer(4)])]),
    ])
      await expect(loaded(source)).rejects.toMatchObject({ code: 'keys-mismatch' });
  });
});

describe('a configuration that shapes do not show', () => {
  const engine = createFakeEngine(() => ({}));
  const open = (carriesConfig: boolean) =>
    defineSystem({
      id: 'test/flavored',
      library: '@tesserae/test@0.0.0',
      presets: {
        plain: {
          config: { flavor: 'plain' },
          license: { name: 'MIT', use: 'any' },
          pipeline: 'none',
          paper: '0000.00000',
          source: { repository: 'owner/plain', file: 'plain.safetensors' },
        },
      },
      carriesConfig,
      parseConfig(json) {
        const { flavor } = json as { readonly flavor?: unknown };
        if (typeof flavor !== 'string') throw new ConfigError('flavor', 'a string', typeof flavor);
        return { flavor };
      },
      weights: (map) => ({ x: map.tensor('x', [2]) }),
      functions: () => ({
        encode: modelFunction(
          (params: { readonly x: tf.Tensor }) => params,
          ({ x }) => ({ x }),
        ),
      }),
      create: (model) => ({ said: `${model.config.flavor} as ${model.identity.variant}`, dispose: model.dispose }),
    });
  const fileOf = (flavor: string, shape = '[2]') =>
    safetensors(
      {
        __metadata__: { config: `{"flavor": ${flavor}}` },
        x: { dtype: 'F32', shape: JSON.parse(shape), data_offsets: [0, 8] },
      },
      floats(1, 2),
    );
  const said = async (carriesConfig: boolean, source: string | Uint8Array, inFolder?: string) => {
    const found = await open(carriesConfig).fromPretrained(source, { engine, ...(inFolder && { folder: inFolder }) });
    await found.dispose();
    return found.said;
  };

  it('is taken from the file before a preset, where files carry it', async () => {
    expect(await said(true, fileOf('"sweet"'))).toBe('sweet as custom');
    expect(await said(true, fileOf('"plain"'))).toBe('plain as plain');
    expect(await said(false, fileOf('"sweet"'))).toBe('plain as plain');
    const path = await files.write('plain.safetensors', fileOf('"sweet"'));
    expect(await said(true, 'plain', join(path, '..'))).toBe('sweet as plain');
  });

  it('is the preset where the file carries none, or another', async () => {
    expect(await said(true, fileOf('7'))).toBe('plain as plain');
    await expect(said(true, fileOf('"sweet"', '[1, 2]'))).rejects.toMatchObject({ code: 'keys-mismatch' });
  });
});
