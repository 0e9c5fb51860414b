import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryFiles } from '../../test/temporary-files';
import { tinySystem, tinyTensors } from '../../test/tiny-system';
import { weightFileForms } from '../../test/weight-file-forms';
import { hubCacheFolder } from '../hub/cache-folder';
import { findSnapshot } from '../hub/layout';
import { nearestNames } from './nearest-names';
import { isPath, locateSource } from './source';

const files = temporaryFiles();
const { presets } = tinySystem();
const weights = weightFileForms(tinyTensors({ width: 3 }))['model.safetensors'];
const commit = '0123456789abcdef0123456789abcdef01234567';

/** A cache as Python's library writes it: blobs, links from a snapshot, a ref that names the commit. */
async function pythonCache(name: string, repository = 'owner/tiny-3', ref = 'main'): Promise<string> {
  const cache = join(files.folder(), name);
  const folder = join(cache, `models--${repository.replaceAll('/', '--')}`);
  const snapshot = join(folder, 'snapshots', commit);
  await mkdir(join(folder, 'blobs'), { recursive: true });
  await mkdir(snapshot, { recursive: true });
  await mkdir(join(folder, 'refs'), { recursive: true });
  await writeFile(join(folder, 'refs', ref), commit);
  await writeFile(join(folder, 'blobs', 'aaaa'), weights);
  await writeFile(join(folder, 'blobs', 'bbbb'), '{ "width": 3 }');
  await symlink('../../blobs/aaaa', join(snapshot, 'model.safetensors'));
  await symlink('../../blobs/bbbb', join(snapshot, 'config.json'));
  return cache;
}

async function folderWith(name: string, ...names: readonly string[]): Promise<string> {
  const folder = join(files.folder(), name);
  await mkdir(folder, { recursive: true });
  for (const file of names) await writeFile(join(folder, file), weights);
  return folder;
}

describe('paths', () => {
  it.each([
    ['./x', true],
    ['../x', true],
    ['.', true],
    ['..', true],
    ['/x', true],
    ['C:\\x', true],
    ['d:/x', true],
    ['.\\x', true],
    ['tiny-3', false],
    ['owner/name', false],
    ['.hidden', false],
  ])('%s: %s', (source, expected) => expect(isPath(source)).toBe(expected));

  it('finds a file, a relative file, and the weights of a folder with its configuration', async () => {
    const folder = await folderWith('plain', 'model.safetensors', 'notes.txt');
    const file = join(folder, 'model.safetensors');
    const short = `./${relative(process.cwd(), file)}`;
    expect(await locateSource(file, presets)).toEqual({ name: file, weights: file });
    expect(await locateSource(short, presets)).toEqual({ name: short, weights: short });
    await writeFile(join(folder, 'config.json'), '{ "width": 3 }');
    expect(await locateSource(folder, presets)).toMatchObject({
      weights: file,
      config: { file: join(folder, 'config.json'), json: { width: 3 } },
    });
  });

  it('prefers the official names, and an index of shards', async () => {
    const folder = await folderWith('several', 'a.pt', 'pytorch_model.bin', 'model.safetensors');
    expect((await locateSource(folder, presets)).weights).toBe(join(folder, 'model.safetensors'));
    await writeFile(join(folder, 'model.safetensors.index.json'), '{}');
    expect((await locateSource(folder, presets)).weights).toBe(join(folder, 'model.safetensors.index.json'));
    const single = await folderWith('single', 'epoch-7.ckpt');
    expect((await locateSource(single, presets)).weights).toBe(join(single, 'epoch-7.ckpt'));
  });

  it('asks which of several files is meant', async () => {
    const folder = await folderWith('ambiguous', 'a.pth', 'b.pth');
    await expect(locateSource(folder, presets)).rejects.toMatchObject({
      name: 'PretrainedError',
      code: 'ambiguous',
      message: expect.stringContaining('a.pth, b.pth'),
    });
  });

  it('says what it expected and what is there', async () => {
    const folder = await folderWith('nothing', 'readme.md');
    await expect(locateSource(folder, presets)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/expected model\.safetensors or pytorch_model\.bin, found readme\.md/),
    });
    await expect(locateSource(await folderWith('empty'), presets)).rejects.toThrow('found no files');
    await expect(locateSource('./absent.bin', presets)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('takes URLs, bytes and Blobs', async () => {
    const url = new URL('https://example.org/model.safetensors');
    expect(await locateSource(url, presets)).toEqual({ name: url.href, weights: url });
    expect(await locateSource(weights, presets)).toEqual({ name: 'bytes', weights });
    const blob = new Blob([]);
    const file = new File([], 'tiny.bin');
    expect([await locateSource(blob, presets), await locateSource(file, presets)]).toEqual([
      { name: 'blob', weights: blob },
      { name: 'tiny.bin', weights: file },
    ]);
    for (const wrong of ['', 5, null, undefined, {}, []])
      await expect(locateSource(wrong as string, presets)).rejects.toMatchObject({ name: 'InputError' });
  });
});

describe('presets', () => {
  it('are looked for in the folder given, by their own file name first', async () => {
    const folder = await folderWith('preset', 'model.safetensors', 'other.bin');
    expect(await locateSource('tiny-3', presets, { folder })).toEqual({
      name: 'tiny-3',
      presetName: 'tiny-3',
      weights: join(folder, 'model.safetensors'),
    });
  });

  it('say where to get what is not here', async () => {
    const cacheDirectory = join(files.folder(), 'no-cache');
    await expect(locateSource('tiny-3', presets, { cacheDirectory })).rejects.toMatchObject({
      code: 'offline',
      message: expect.stringContaining('https://huggingface.co/owner/tiny-3/resolve/main/model.safetensors'),
    });
  });

  it('that do not exist are answered with the nearest names', async () => {
    await expect(locateSource('tinny-3', presets)).rejects.toMatchObject({
      code: 'unknown-preset',
      message: expect.stringContaining('Did you mean tiny-3'),
    });
    expect(nearestNames('TITOK-L-32', ['titok-l32', 'titok-b64', 'one-d-piece-l256'], 1)).toEqual(['titok-l32']);
    expect(nearestNames('', ['a'])).toEqual(['a']);
  });

  it('that are bundled come from the package, or say that they cannot', async () => {
    const bundled = { star: { ...presets['tiny-3']!, source: { file: 'star.safetensors', bundled: true } } };
    expect(await locateSource('star', bundled, { bundledFile: (file) => `/pkg/${file}` })).toMatchObject({
      weights: '/pkg/star.safetensors',
      presetName: 'star',
    });
    await expect(locateSource('star', bundled, { bundledFile: () => undefined })).rejects.toThrow(
      'pass its URL or bytes as the source',
    );
  });
});

describe('the Hugging Face cache', () => {
  it('is read in the layout that Python writes, without a socket', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch');
    const cacheDirectory = await pythonCache('cache');
    const snapshot = join(cacheDirectory, 'models--owner--tiny-3', 'snapshots', commit);
    const file = join(snapshot, 'model.safetensors');
    for (const source of [
      'tiny-3',
      'owner/tiny-3',
      'owner/tiny-3@main',
      `owner/tiny-3@${commit}`,
      'owner/tiny-3/model.safetensors',
      { repository: 'owner/tiny-3', revision: 'main', file: 'model.safetensors' },
    ]) {
      expect((await locateSource(source, presets, { cacheDirectory })).weights).toBe(file);
    }
    expect((await locateSource('owner/tiny-3', presets, { cacheDirectory })).config?.json).toEqual({ width: 3 });
    expect(fetched).not.toHaveBeenCalled();
    fetched.mockRestore();
  });

  it('says what is missing of a revision, file or repository', async () => {
    const cacheDirectory = await pythonCache('partial');
    for (const [source, address] of [
      ['owner/tiny-3@v2', 'owner/tiny-3/resolve/v2/model.safetensors'],
      ['owner/tiny-3/ema.bin', 'owner/tiny-3/resolve/main/ema.bin'],
      ['owner/other', 'owner/other/resolve/main/model.safetensors'],
    ] as const) {
      await expect(locateSource(source, presets, { cacheDirectory })).rejects.toMatchObject({
        code: 'offline',
        message: expect.stringContaining(`https://huggingface.co/${address}`),
      });
    }
  });

  it('does not follow a damaged ref', async () => {
    const cache = await pythonCache('damaged');
    await writeFile(join(cache, 'models--owner--tiny-3', 'refs', 'main'), '../../../etc');
    expect(await findSnapshot({ repository: 'owner/tiny-3' }, cache)).toBeUndefined();
    expect(await findSnapshot({ repository: 'owner/tiny-3' }, undefined)).toBeUndefined();
  });

  it('loads by a branch name alone (F103)', async () => {
    const tiny = tinySystem();
    const cacheDirectory = await pythonCache('loads');
    const tokenizer = await tiny.fromPretrained('owner/tiny-3@main', { cacheDirectory, engine: 'cpu' });
    expect(tokenizer.info.identity.variant).toBe('tiny-3');
    expect(tokenizer.info.files[0]).toMatchObject({ name: 'model.safetensors', bytes: weights.length });
    await tokenizer.dispose();
  });

  describe('folder', () => {
    const names = ['HF_HUB_CACHE', 'HUGGINGFACE_HUB_CACHE', 'HF_HOME', 'XDG_CACHE_HOME', 'HOME', 'USERPROFILE'];
    beforeEach(() => names.forEach((name) => vi.stubEnv(name, '')));
    afterEach(() => vi.unstubAllEnvs());

    it('follows the variables that Python follows, in the same order', () => {
      expect(hubCacheFolder()).toBeUndefined();
      const steps = [
        ['HOME', '/h', '/h/.cache/huggingface/hub'],
        ['XDG_CACHE_HOME', '/x', '/x/huggingface/hub'],
        ['HF_HOME', '/hf', '/hf/hub'],
        ['HUGGINGFACE_HUB_CACHE', '/old', '/old'],
        ['HF_HUB_CACHE', '/new', '/new'],
      ] as const;
      for (const [name, value, expected] of steps) {
        vi.stubEnv(name, value);
        expect(hubCacheFolder()).toBe(expected);
      }
    });
  });
});
