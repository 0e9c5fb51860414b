import { closeSync, existsSync, openSync } from 'node:fs';
import { cp, mkdir, open, readFile, truncate, writeFile } from 'node:fs/promises';
import { Tokens } from '@tesserae/core';
import { encodeImage } from '@tesserae/image';
import { describe, expect, it, vi } from 'vitest';
import { commandBox, finished, model } from './tesserae';

const box = commandBox();
const { fails } = box;

describe('the command line', () => {
  it('of an unknown command or option', async () => {
    await fails(2, 'Did you mean encode?', 'encod');
    await fails(2, 'unknown option --modl. Did you mean --model?', 'encode', 'cat.png', '--modl', 'x');
    await fails(2, '--out: expected a value', 'encode', 'cat.png', '--out');
  });

  it('with a wrong value', async () => {
    await fails(2, 'expected crop, pad, squash, tiles', 'encode', 'cat.png', '--fit', 'stretch');
    await fails(2, 'a whole number of at least 1', 'encode', 'cat.png', '--prefix', '0');
    await fails(2, '--engine: expected auto', 'encode', 'cat.png', '--engine', 'abacus');
    await fails(2, 'expected png, jpeg', 'decode', 'cat.png', '--format', 'bmp');
    await fails(2, '1 to 100', 'decode', 'cat.png', '--quality', '101');
    await fails(2, 'need --fit tiles', 'encode', 'cat.png', '--tile', '32');
    await fails(2, '--many-in-one needs --out', 'encode', 'cat.png', '--many-in-one');
    await fails(2, 'cannot both go to standard output', 'encode', '-', '--json');
  });

  it('with a file of no known kind: what the model is for is expected', async () => {
    await writeFile(box.path('notes'), 'hello');
    const { code, stderr } = await box.run('encode', 'notes', '--model', 'audio-starter');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/notes: expected .*sound/)]);
    await fails(1, 'notes: expected a PNG', 'encode', 'notes');
    await fails(1, 'notes: .tok file: does not start with TOK1', 'decode', 'notes');
    await fails(1, 'mimi is a model of sounds, not of pictures', 'encode', 'cat.png', '--model', 'mimi');
  });

  it('without files, or with files that collide', async () => {
    await cp(box.path('cat.png'), box.path('cat.jpg'));
    await fails(2, 'got nothing', 'encode');
    await fails(2, '*.webp: no file matches', 'encode', '*.webp');
    await fails(2, 'would both be written to cat.tok', 'encode', 'cat.png', 'cat.jpg');
    await fails(2, 'would be overwritten', 'decode', 'cat.png');
    await fails(2, 'takes one result', 'encode', 'cat.png', 'cat.jpg', '--out', '-');
  });

  it('gives one JSON document all the same', async () => {
    expect(await box.json('encode', 'cat.png', '--fit', 'stretch')).toMatchObject({ error: { name: 'UsageError' } });
    expect(await box.json('encode', 'cat.png', '--model', 'titok-l23')).toMatchObject({
      error: { name: 'PretrainedError', code: 'unknown-preset' },
    });
    expect(await box.json('encode', 'absent.png')).toMatchObject({
      failed: 1,
      files: [],
      failures: [{ input: 'absent.png', error: { code: 'unreadable' } }],
    });
  });
});

describe('a model', () => {
  it('that is not known, not here, or of other weights', async () => {
    await fails(1, 'Did you mean titok-l32', 'encode', 'cat.png', '--model', 'titok-l23');
    await fails(
      1,
      'expected model.safetensors, found cat.',
      'encode',
      'cat.png',
      '--model',
      'titok-l32',
      '--folder',
      '.',
    );
    await fails(1, 'no such file or folder', 'encode', 'cat.png', '--model', './nowhere');
    await fails(1, 'does not fit', 'encode', 'cat.png', '--model', 'titok-s128', '--folder', model);
    await fails(1, 'not installed', 'encode', 'cat.png', '--engine', 'tfjs-node-gpu');
  });
});

describe('a picture', () => {
  it('that is absent, empty, cut, damaged, or no picture', async () => {
    await writeFile(box.path('empty.png'), '');
    await cp(box.path('cat.png'), box.path('cut.png'));
    await truncate(box.path('cut.png'), 5000);
    await writeFile(box.path('text.png'), 'no picture');
    await fails(1, 'ENOENT', 'encode', 'absent.png');
    await fails(1, 'an empty file', 'encode', 'empty.png');
    await fails(1, 'cut off after 5000 bytes', 'encode', 'cut.png');
    await fails(1, 'expected a PNG, JPEG', 'encode', 'text.png');
  });

  it('of more than 100 megapixels', async () => {
    const [width, height] = [20_000, 5_001];
    const data = new Uint8Array(width * height);
    await writeFile(box.path('huge.png'), await encodeImage({ modality: 'image', width, height, channels: 1, data }));
    await fails(1, 'at most 100000000 pixels', 'encode', 'huge.png');
  });

  it('does not stop the others', async () => {
    const mixed = await box.run('encode', 'absent.png', 'cat.png', '--out', 'mixed');
    expect(mixed.code).toBe(1);
    expect(existsSync(box.path('mixed/cat.tok'))).toBe(true);
    await fails(1, 'ENOENT', 'encode', 'absent.png', 'cat.png', '--many-in-one', '--out', 'one.tok');
  });

  it('of another size than the one that it is compared with', async () => {
    const small = await encodeImage({ modality: 'image', width: 4, height: 4, channels: 3, data: new Uint8Array(48) });
    await writeFile(box.path('small.png'), small);
    await fails(1, 'expected 256 x 256 pixels', 'compare', 'cat.png', 'small.png');
    expect(await box.json('compare', 'small.png', 'small.png')).not.toHaveProperty('ssim');
  });
});

describe('an output', () => {
  it('that cannot be written', async () => {
    await fails(1, 'a part of the path is no folder', 'encode', 'cat.png', '--out', 'cat.png/x/y.tok');
    await mkdir(box.path('taken.tok'), { recursive: true });
    await fails(1, 'taken.tok', 'encode', 'cat.png', '--out', 'taken.tok');
  });

  it('on a full disk leaves nothing behind', async () => {
    const file = await open(box.path('cat.png'));
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const writing = vi.spyOn(Object.getPrototypeOf(file) as typeof file, 'writeFile').mockRejectedValue(full);
    try {
      await fails(1, 'full.tok: the disk is full', 'encode', 'cat.png', '--out', 'full.tok');
      expect(writing).toHaveBeenCalled();
    } finally {
      writing.mockRestore();
      await file.close();
    }
  });

  it.runIf(existsSync('/dev/full'))('to standard output on a full disk', async () => {
    const full = openSync('/dev/full', 'w');
    try {
      for (const given of [['encode', '-'], ['models'], ['models', '--json']]) {
        const child = box.start(given, full);
        child.stdin!.end(await readFile(box.path('cat.png')));
        expect(await finished(child)).toMatchObject({
          code: 1,
          stderr: expect.stringContaining('standard output: the disk is full'),
        });
      }
    } finally {
      closeSync(full);
    }
  });

  it('whose reader has gone ends the command quietly', async () => {
    const child = box.start(['models', '--json']);
    child.stdout!.destroy();
    expect(await finished(child)).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('tokens', () => {
  it('of other weights, of another system, cut or damaged', async () => {
    expect((await box.run('encode', 'cat.png')).code).toBe(0);
    const bytes = await readFile(box.path('cat.tok'));
    const { tokenizer, levels, source, prefixUnit } = Tokens.fromBytes(bytes);
    const foreign = new Tokens({
      tokenizer: { ...tokenizer, fingerprint: '0123456789abcdef' },
      levels,
      source,
      prefixUnit,
    });
    await writeFile(box.path('other.tok'), foreign.toBytes());
    await fails(1, '0123456789abcdef', 'decode', 'other.tok');
    expect((await box.run('decode', 'other.tok', '--allow-mismatch', '--out', 'allowed.png')).code).toBe(0);
    await fails(1, 'cannot be decoded', 'decode', 'cat.tok', '--model', model);
    await fails(1, 'decodes all of its tokens or none', 'decode', 'cat.tok', '--prefix', '3', '--out', 'p.png');
    await writeFile(box.path('cut.tok'), bytes.subarray(0, 900));
    await fails(1, 'cut.tok', 'decode', 'cut.tok');
    await writeFile(
      box.path('noise.tok'),
      bytes.map((byte, index) => (index === 1000 ? byte ^ 8 : byte)),
    );
    await fails(1, 'noise.tok', 'decode', 'noise.tok');
    await fails(1, 'cat.png', 'decode', 'cat.png', '--out', 'p.png');
  });

  it('of a preset that does not exist here', async () => {
    const { tokenizer, levels, source, prefixUnit } = Tokens.fromBytes(await readFile(box.path('cat.tok')));
    const unknown = new Tokens({ tokenizer: { ...tokenizer, variant: 'image-stater' }, levels, source, prefixUnit });
    await writeFile(box.path('unknown.tok'), unknown.toBytes());
    await fails(1, 'Did you mean image-starter', 'decode', 'unknown.tok');
  });
});

describe('--verbose and DEBUG', () => {
  it('show the stack', async () => {
    expect((await box.run('encode', 'absent.png', '--verbose')).stderr).toContain('    at ');
  });
});
