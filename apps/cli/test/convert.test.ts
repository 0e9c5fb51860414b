import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openCheckpoint } from '@tesserae/core';
import { describe, expect, it } from 'vitest';
import { floats, safetensors, torchZip } from '../../../packages/core/test/attacks/file-writers';
import {
  bytesOf,
  call,
  dict,
  global,
  integer,
  tensor,
  text,
  type Part,
} from '../../../packages/core/test/attacks/pickle-writer';
import { commandBox, finished, model } from './tesserae';

const box = commandBox();
const child = fileURLToPath(new URL('convert-child.ts', import.meta.url));

const namespace = (...fields: readonly (readonly [string, Part])[]): Part => [
  global('argparse', 'Namespace'),
  ')\x81',
  dict(...fields),
  'b',
];
/** A Lightning checkpoint with an optimizer, hyperparameters and an object of the author's own. */
const lightning = torchZip(
  dict(
    [
      'state_dict',
      dict(['net.w', tensor({ shape: [2, 2], strides: [1, 2] })], ['net.b', tensor({ key: '1', shape: [2] })]),
    ],
    ['optimizer_states', dict(['m', tensor({ key: '2', shape: [4] })], ['v', tensor({ key: '2', shape: [4] })])],
    ['hyper_parameters', dict(['args', namespace(['ch', integer(16)])])],
    ['epoch', integer(3)],
    ['logger', call(global('os', 'system'), text('touch owned'))],
  ),
  { '0': floats(1, 2, 3, 4), '1': floats(0.1, -5), '2': floats(9, 9, 9, 9) },
);

async function tensors(path: string): Promise<Record<string, readonly number[]>> {
  const checkpoint = await openCheckpoint(box.path(path));
  const found: Record<string, readonly number[]> = {};
  for (const key of checkpoint.keys()) found[key] = Array.from(await checkpoint.tensor(key).read());
  await checkpoint.close();
  return found;
}

describe('tesserae convert', () => {
  it('takes the weights, lists what it leaves out, runs nothing (F100)', async () => {
    await writeFile(box.path('model.ckpt'), lightning);
    const { code, stdout, stderr } = await box.run('convert', 'model.ckpt', 'out/model.safetensors');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.toString().split('\n')).toEqual([
      expect.stringMatching(/^model\.ckpt -> out\/model\.safetensors {2}2 tensors, \d+ B$/),
      'left out, not part of the weights (--all converts it too): optimizer_states (2 tensors)',
      'code that it names, not run: os.system',
      '',
    ]);
    expect(await tensors('out/model.safetensors')).toEqual({ 'net.w': [1, 3, 2, 4], 'net.b': [Math.fround(0.1), -5] });
    const checkpoint = await openCheckpoint(box.path('out/model.safetensors'));
    expect(checkpoint.metadata).toMatchObject({ format: 'pt', epoch: '3', hyper_parameters: '{"args":{"ch":16}}' });
    await checkpoint.close();
    expect(existsSync(box.path('owned'))).toBe(false);
    expect(await box.partial('out')).toEqual([]);
  });

  it('takes everything with --all, and says so as JSON', async () => {
    await writeFile(box.path('model.ckpt'), lightning);
    const result = await box.json('convert', 'model.ckpt', 'all.safetensors', '--all');
    expect(result).toMatchObject({ format: 'torch-zip', tensors: 4, leftOut: [], code: ['os.system'] });
    expect(Object.keys(await tensors('all.safetensors'))).toEqual([
      'state_dict.net.w',
      'state_dict.net.b',
      'optimizer_states.m',
      'optimizer_states.v',
    ]);
  });

  it('stores 16 bits of either kind', async () => {
    await writeFile(box.path('model.ckpt'), lightning);
    expect((await box.run('convert', '--half', 'model.ckpt', 'half.safetensors')).code).toBe(0);
    expect((await box.run('convert', 'model.ckpt', 'brain.safetensors', '--half-type', 'bfloat16')).code).toBe(0);
    const dtypes = async (path: string) => {
      const checkpoint = await openCheckpoint(box.path(path));
      const found = checkpoint.keys().map((key) => checkpoint.dtype(key));
      await checkpoint.close();
      return found;
    };
    expect(await dtypes('half.safetensors')).toEqual(['F16', 'F16']);
    expect(await dtypes('brain.safetensors')).toEqual(['BF16', 'BF16']);
    expect((await tensors('half.safetensors'))['net.b']).toEqual([0.0999755859375, -5]);
    expect((await tensors('brain.safetensors'))['net.b']).toEqual([0.10009765625, -5]);
  });

  it('takes folders and shards, and a file under any name (F099)', async () => {
    expect((await box.run('convert', model, 'folder.safetensors')).code).toBe(0);
    const before = await box.json<{ shapes: unknown }>('inspect', `${model}/pytorch_model.bin`);
    const after = await box.json<{ shapes: unknown }>('inspect', 'folder.safetensors');
    expect(after).toMatchObject({ format: 'safetensors', tensors: 52, system: 'image/maskgit-vqgan' });
    expect(new Set(after.shapes as string[])).toEqual(new Set(before.shapes as string[]));
    await rename(box.path('folder.safetensors'), box.path('folder.pt'));
    await mkdir(box.path('shards'), { recursive: true });
    const index = JSON.stringify({ weight_map: { a: 'one.bin', b: 'two.bin' } });
    const one = (key: string, value: number) =>
      safetensors({ [key]: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }, floats(value));
    await writeFile(box.path('shards/model.safetensors.index.json'), index);
    await writeFile(box.path('shards/one.bin'), one('a', 1));
    await writeFile(box.path('shards/two.bin'), one('b', 2));
    expect((await box.run('convert', 'folder.pt', 'again.bin')).code).toBe(0);
    expect(await readFile(box.path('again.bin'))).toEqual(await readFile(box.path('folder.pt')));
    expect((await box.run('convert', 'shards', 'joined.safetensors')).code).toBe(0);
    expect(await tensors('joined.safetensors')).toEqual({ a: [1], b: [2] });
  });

  it('fails with one line, and leaves nothing', async () => {
    await writeFile(box.path('model.ckpt'), lightning);
    await writeFile(
      box.path('large.bin'),
      safetensors({ w: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }, floats(1e30)),
    );
    await writeFile(
      box.path('fp8.bin'),
      safetensors(
        {
          fp8: { dtype: 'F8_E4M3', shape: [4], data_offsets: [0, 4] },
          w: { dtype: 'F32', shape: [1], data_offsets: [4, 8] },
        },
        floats(1, 2),
      ),
    );
    await writeFile(box.path('longer.bin'), bytesOf(await readFile(box.path('large.bin')), 'more'));
    const { fails } = box;
    await fails(2, 'expected a checkpoint and the name', 'convert', 'model.ckpt');
    await fails(2, 'would be overwritten', 'convert', 'model.ckpt', './model.ckpt');
    await fails(2, '--half-type: expected float16, bfloat16', 'convert', 'model.ckpt', 'x.st', '--half-type', 'int4');
    await fails(2, '--tolerate: expected overlaps', 'convert', 'model.ckpt', 'x.st', '--tolerate', 'everything');
    await fails(1, 'ENOENT', 'convert', 'absent.ckpt', 'x.st');
    await fails(1, 'expected a checkpoint', 'convert', 'cat.png', 'x.st');
    await fails(1, 'w: expected values within float16', 'convert', 'large.bin', 'x.st', '--half');
    await fails(1, 'F8_E4M3', 'convert', 'fp8.bin', 'x.st');
    await fails(1, "tolerate: ['trailing-bytes']", 'convert', 'longer.bin', 'x.st');
    await fails(1, 'x.st', 'convert', 'model.ckpt', 'cat.png/x.st');
    const skipped = await box.json('convert', 'fp8.bin', 'skipped.st', '--skip-unreadable');
    expect(skipped).toMatchObject({ tensors: 1, leftOut: [{ name: 'fp8', tensors: 1 }] });
    expect((await box.run('convert', 'longer.bin', 'tolerated.st', '--tolerate', 'trailing-bytes')).code).toBe(0);
  });

  /** Zeros, most of which are a hole of the file system. */
  async function sparse(name: string, bytes: number): Promise<void> {
    const header = safetensors({ w: { dtype: 'F32', shape: [bytes / 4], data_offsets: [0, bytes] } });
    await writeFile(box.path(name), header);
    const file = await open(box.path(name), 'r+');
    await file.truncate(header.length + bytes);
    await file.close();
  }

  it('takes less than 300 MB of memory for more than that (F100)', { timeout: 120_000 }, async () => {
    await sparse('large.bin', 600 * 2 ** 20);
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        '--conditions=@tesserae/source',
        '--import',
        import.meta.resolve('tsx'),
        child,
        'large.bin',
        'large.st',
        '--half',
      ],
      { cwd: box.path('.') },
    );
    expect((await stat(box.path('large.st'))).size).toBeGreaterThan(300 * 2 ** 20);
    expect(Number(stdout.trim().split('\n').at(-1))).toBeLessThan(300e6);
  });

  it.runIf(process.platform !== 'win32')('is stopped by Ctrl-C and leaves nothing (F114)', async () => {
    await sparse('huge.bin', 4 * 2 ** 30);
    await mkdir(box.path('stopped'), { recursive: true });
    const converting = box.start(['convert', 'huge.bin', 'stopped/huge.safetensors']);
    const ended = finished(converting);
    while ((await box.partial('stopped')).length === 0) await new Promise((next) => setTimeout(next, 20));
    converting.kill('SIGINT');
    expect(await ended).toMatchObject({ signal: 'SIGINT', stderr: '' });
    expect(await readdir(box.path('stopped'))).toEqual([]);
  });
});

describe('tesserae inspect of a checkpoint', () => {
  it('says what it holds, in which dtypes and sizes, and what it would run', async () => {
    await writeFile(box.path('model.ckpt'), lightning);
    expect(await box.json('inspect', 'model.ckpt')).toMatchObject({
      kind: 'checkpoint',
      format: 'torch-zip',
      tensors: 4,
      parameters: 14,
      dtypes: ['F32'],
      sizes: [{ dtype: 'F32', tensors: 4, parameters: 14, bytes: 56 }],
      metadata: ['hyper_parameters', 'epoch', 'logger'],
      configurations: ['hyper_parameters.args', 'hyper_parameters'],
      codeNotRun: ['os.system'],
      system: 'none that is known here',
    });
    const { stdout } = await box.run('inspect', 'model.ckpt');
    expect(stdout.toString()).toContain('state_dict.net.w F32 [2, 2]');
    expect(stdout.toString()).toMatch(/code not run +os\.system/);
  });

  it('says what is missing of the nearest preset', async () => {
    await box.run('convert', model, 'whole.safetensors');
    const facts = await box.json<{ problems?: readonly string[] }>('inspect', 'whole.safetensors');
    expect(facts).toMatchObject({ system: 'image/maskgit-vqgan', preset: 'none fits exactly' });
    expect(facts.problems!.length).toBeGreaterThan(0);
  });
});
