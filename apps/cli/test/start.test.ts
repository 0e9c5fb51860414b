import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sample } from './tesserae';

const pathOf = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const imports = ['tsx', './module-log.mjs'].flatMap((name) => ['--import', import.meta.resolve(name)]);
const libraries = ['@tensorflow', 'onnxruntime', 'undici', 'sharp', 'yaml', 'valibot', 'fflate', 'tinyglobby'];

/** What a command line loads, from sources. */
async function modulesOf(...given: readonly string[]): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tesserae-start-'));
  const log = join(folder, 'modules');
  try {
    const line = ['--conditions=@tesserae/source', ...imports, pathOf('../src/main.ts'), ...given];
    const env = { ...process.env, NODE_OPTIONS: '', MODULE_LOG: log };
    await new Promise<void>((done) => {
      execFile(process.execPath, line, { cwd: folder, env }, () => done());
    });
    return [...new Set((await readFile(log, 'utf8')).split('\n'))];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const among = (modules: readonly string[], parts: readonly string[]): readonly string[] =>
  parts.filter((part) => modules.some((module) => module.includes(part)));

describe('the start of a command', () => {
  it.each([['--version'], ['--help'], ['encode --help'], ['text train --help'], ['encode --no-such-option']])(
    'loads no tokenizer, engine or library for %s',
    async (line) => {
      const modules = await modulesOf(...line.split(' '));
      expect(among(modules, ['apps/cli/src/run.ts', 'packages/core/src/data.ts'])).toHaveLength(2);
      expect(among(modules, ['packages/core/src/index.ts', 'packages/core/src/engine/'])).toEqual([]);
      expect(modules.filter((module) => /packages\/(?!core\/)[^/]+\/src\//.test(module))).toEqual([]);
      expect(among(modules, libraries)).toEqual([]);
      // 109 when this was written: plain data of core, and what declares the commands.
      expect(modules.length).toBeLessThan(150);
    },
  );

  it('loads TensorFlow.js for nothing that runs no model', async () => {
    const modules = await modulesOf('convert', 'absent.ckpt', 'absent.safetensors');
    expect(among(modules, ['packages/core/src/checkpoint/open-checkpoint.ts'])).toHaveLength(1);
    expect(among(modules, ['@tensorflow', 'onnxruntime'])).toEqual([]);
  });

  it('loads the packages that a command works with', async () => {
    const encode = await modulesOf('encode', sample, '-o', 'cat.tok');
    const count = await modulesOf('text', 'count', 'absent.txt');
    expect(among(encode, ['packages/image/src/', 'packages/text/src/', 'packages/audio/src/'])).toEqual([
      'packages/image/src/',
    ]);
    expect(among(count, ['packages/image/src/', 'packages/text/src/', 'packages/audio/src/'])).toEqual([
      'packages/text/src/',
    ]);
  });
});
