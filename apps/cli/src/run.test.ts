import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeImage } from '@tesserae/image';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const bin = fileURLToPath(new URL('../bin.mjs', import.meta.url));
const sample = fileURLToPath(new URL('../../../samples/image/cat.png', import.meta.url));
const model = fileURLToPath(new URL('../../../packages/image/test/fixtures/maskgit-vqgan/hub-dir', import.meta.url));

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tesserae-cli-'));
  await cp(sample, join(folder, 'cat.png'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function tesserae(...given: readonly string[]): Promise<Finished> {
  return new Promise((done) => {
    execFile(
      process.execPath,
      [bin, ...given],
      { cwd: folder, env: { ...process.env, DEBUG: '' } },
      (error, stdout, stderr) => {
        done({ code: error ? Number(error.code) : 0, stdout, stderr });
      },
    );
  });
}

const left = async () => (await readdir(folder)).filter((name) => name.includes('.incomplete'));

describe('a picture there and back', () => {
  it('encodes, decodes, compares and inspects', async () => {
    expect(await tesserae('encode', 'cat.png')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1024 tokens, 1280 bytes of payload'),
    });
    expect(await tesserae('decode', 'cat.tok', '-o', 'back.png')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('256 x 256'),
    });
    const compared = await tesserae('compare', 'cat.png', 'cat.tok', '--json');
    expect(JSON.parse(compared.stdout)).toMatchObject({ width: 256, height: 256, payloadBytes: 1280 });
    expect((JSON.parse(compared.stdout) as { psnr: number }).psnr).toBeGreaterThan(20);
    const inspected = await tesserae('inspect', 'cat.tok', '--json');
    expect(JSON.parse(inspected.stdout)).toMatchObject({
      kind: 'tokens',
      items: 1,
      tokenizer: 'image/conv-fsq, image-starter',
      tokens: 1024,
    });
    expect(await left()).toEqual([]);
  });

  it('reads standard input and writes standard output', async () => {
    const child = spawn(process.execPath, [bin, 'encode', '-'], { cwd: folder });
    child.stdin.end(await readFile(sample));
    const chunks: Buffer[] = [];
    for await (const chunk of child.stdout) chunks.push(chunk as Buffer);
    const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    expect(digest(Buffer.concat(chunks))).toBe(digest(await readFile(join(folder, 'cat.tok'))));
  });

  it('takes a model by path and says what a checkpoint is', async () => {
    const encoded = await tesserae(
      'encode',
      'cat.png',
      '--model',
      model,
      '--pipeline',
      'pil-bicubic-64',
      '--out',
      'tokens/cat.tok',
      '--json',
    );
    expect(JSON.parse(encoded.stdout)).toMatchObject({
      model: { id: 'image/maskgit-vqgan', variant: 'custom' },
      failed: 0,
    });
    expect(await tesserae('decode', 'tokens/cat.tok')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('name them with --model'),
    });
    const inspected = await tesserae('inspect', join(model, 'pytorch_model.bin'), '--json');
    expect(JSON.parse(inspected.stdout)).toMatchObject({
      kind: 'checkpoint',
      format: 'torch-zip',
      system: 'image/maskgit-vqgan',
    });
  });

  it('puts several pictures into one file', async () => {
    await cp(sample, join(folder, 'second.png'));
    expect((await tesserae('encode', '*.png', '--many-in-one', '--out', 'all.tok')).code).toBe(0);
    const inspected = await tesserae('inspect', 'all.tok', '--json');
    expect((JSON.parse(inspected.stdout) as { items: number }).items).toBeGreaterThan(1);
  });
});

describe('what goes wrong is said in one line', () => {
  const failing = async (code: number, text: string, ...given: readonly string[]) => {
    const { code: actual, stderr } = await tesserae(...given);
    expect(stderr.replaceAll('\n', ' ')).toContain(text);
    expect(stderr).not.toContain('    at ');
    expect(actual).toBe(code);
    expect(await left()).toEqual([]);
  };

  it('an unknown command, option and preset', async () => {
    await failing(2, 'Did you mean encode?', 'encod');
    await failing(2, 'unknown option --modl', 'encode', 'cat.png', '--modl', 'x');
    await failing(2, 'expected crop, pad, squash', 'encode', 'cat.png', '--fit', 'stretch');
    await failing(1, 'Did you mean titok-l32', 'encode', 'cat.png', '--model', 'titok-l23');
    await failing(2, 'no file matches', 'encode', '*.jpg');
    await failing(2, 'got nothing', 'encode');
  });

  it('a missing, empty, truncated, foreign or huge picture', async () => {
    await writeFile(join(folder, 'empty.png'), '');
    await cp(sample, join(folder, 'cut.png'));
    await truncate(join(folder, 'cut.png'), 5000);
    await writeFile(join(folder, 'text.png'), 'no picture');
    await failing(1, 'ENOENT', 'encode', 'absent.png');
    await failing(1, 'an empty file', 'encode', 'empty.png');
    await failing(1, 'cut off after 5000 bytes', 'encode', 'cut.png');
    await failing(1, 'text.png', 'encode', 'text.png');
    const huge = await encodeImage({
      modality: 'image',
      width: 20_000,
      height: 5_001,
      channels: 1,
      data: new Uint8Array(20_000 * 5_001),
    });
    await writeFile(join(folder, 'huge.png'), huge);
    await failing(1, '100', 'encode', 'huge.png');
    await rm(join(folder, 'huge.png'));
  });

  it('an output that cannot be written', async () => {
    await failing(1, 'no such file or folder', 'encode', 'cat.png', '--out', '/proc/no/such.tok');
    await failing(1, 'the disk is full', 'encode', 'cat.png', '--out', '/dev/full/cat.tok').catch(async () => {
      // Elsewhere than on Linux there is no /dev/full; a file as a folder fails everywhere.
      await failing(1, 'cat.png', 'encode', 'cat.png', '--out', 'cat.png/x.tok');
    });
  });

  it('tokens of other weights, and damaged ones', async () => {
    const tokens = await readFile(join(folder, 'cat.tok'));
    const other = Buffer.from(
      tokens.toString('latin1').replace(/"fingerprint":"[0-9a-f]{16}"/, '"fingerprint":"0123456789abcdef"'),
      'latin1',
    );
    await writeFile(join(folder, 'damaged.tok'), other);
    await failing(1, 'damaged.tok', 'decode', 'damaged.tok');
    await failing(1, 'cannot be decoded', 'decode', 'cat.tok', '--model', model);
    await failing(1, 'does not fit', 'encode', 'cat.png', '--model', 'titok-s128', '--folder', model);
  });
});

describe('Ctrl-C', () => {
  it('ends the command with the signal and leaves nothing half written', async () => {
    const child = spawn(process.execPath, [bin, 'encode', ...new Array<string>(200).fill('cat.png'), '--out', 'many'], {
      cwd: folder,
    });
    await new Promise((ready) => child.stdout.once('data', ready));
    child.kill('SIGINT');
    const code = await new Promise<number | null>((done) => child.once('close', (value) => done(value)));
    expect([130, null]).toContain(code);
    expect((await readdir(join(folder, 'many'))).filter((name) => name.includes('.incomplete'))).toEqual([]);
  });
});

describe('help', () => {
  it('has examples for every command', async () => {
    const { stdout } = await tesserae('--help');
    for (const name of ['encode', 'decode', 'inspect', 'compare', 'models', 'doctor']) {
      expect(stdout).toContain(name);
      expect((await tesserae(name, '--help')).stdout).toContain(`tesserae ${name}`);
    }
    expect((await tesserae('--version')).stdout.trim()).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('lists presets and checks itself', async () => {
    const models = JSON.parse((await tesserae('models', '--json')).stdout) as readonly { name: string }[];
    expect(models.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['image-starter', 'titok-l32', 'one-d-piece-s256', 'maskgit-vqgan-f16']),
    );
    const doctor = JSON.parse((await tesserae('doctor', '--json')).stdout) as { tests: readonly { passed: boolean }[] };
    expect(doctor.tests.every(({ passed }) => passed)).toBe(true);
  });
});
