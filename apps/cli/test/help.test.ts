import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { checkStarter } from '../src/self-test/starter-check';
import { bin, commandBox, finished } from './tesserae';

const box = commandBox();
const names = [
  'encode',
  'decode',
  'inspect',
  'stats',
  'convert',
  'compare',
  'text',
  'models',
  'pull',
  'cache',
  'doctor',
];

describe('help', () => {
  it('has examples for every command', async () => {
    const all = await box.run('--help');
    const without = await box.run();
    expect([all.code, without.code]).toEqual([0, 2]);
    expect(without.stdout.equals(all.stdout)).toBe(true);
    for (const name of names) {
      expect(all.stdout.toString()).toContain(`  ${name}`);
      const { code, stdout } = await box.run(name, '--help');
      expect(code).toBe(0);
      expect(stdout.toString()).toMatch(new RegExp(`Examples:\n.*tesserae ${name}`, 's'));
    }
  });

  it('is what the launcher gives', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [bin, '--version']);
    expect(stdout.trim()).toMatch(/^\d+\.\d+\.\d+/);
  });
});

describe('models', () => {
  it('lists every preset with what one wants to know', async () => {
    const models = await box.json<readonly { name: string; system: string }[]>('models');
    expect(models.filter(({ system }) => system.startsWith('image/'))).toHaveLength(14);
    expect(models.find(({ name }) => name === 'wavtokenizer-large-unify-40')).toMatchObject({
      system: 'audio/wavtokenizer',
      tokens: '40/s',
      bitsPerToken: 12,
      license: 'MIT',
    });
    expect(models.find(({ name }) => name === 'encodec-48khz')).toMatchObject({ tokens: '150/s x 16', use: 'unknown' });
    expect(models.find(({ name }) => name === 'titok-l32')).toMatchObject({
      system: 'image/titok',
      tokens: '32',
      bitsPerToken: 12,
      license: 'Apache-2.0',
      file: expect.stringContaining('model.safetensors'),
      memoryBytes: expect.any(Number),
      encodeBytes: expect.any(Number),
      decodeBytes: expect.any(Number),
      diskBytes: null,
    });
    expect(await box.json<unknown[]>('models', '--model', 'one-d')).toHaveLength(3);
    await box.fails(2, 'no preset contains', 'models', '--model', 'zzz');
  });
});

describe('doctor', () => {
  interface Report {
    readonly engines: readonly { readonly name: string; readonly available: boolean; readonly reason?: string }[];
    readonly tests: readonly { readonly name: string; readonly passed: boolean }[];
    readonly fixes: readonly string[];
    readonly packages: Readonly<Record<string, string | null>>;
    readonly ffmpeg: string | null;
  }

  it('tests every engine that is here and says how to get the fast one (F109)', async () => {
    const { code, stdout, stderr } = await finished(box.start(['doctor', '--json']));
    expect([code, stderr]).toEqual([0, '']);
    const { engines, tests, fixes, packages, ffmpeg } = JSON.parse(stdout.toString()) as Report;
    const here = engines.filter(({ available }) => available).map(({ name }) => name);
    expect(here).toEqual(expect.arrayContaining(['onnx-web', 'wasm', 'cpu']));
    expect(tests.map(({ name }) => name)).toEqual(here);
    expect(tests.filter(({ passed }) => !passed)).toEqual([]);
    expect(engines.filter(({ available, reason }) => !available && !reason)).toEqual([]);
    expect(packages['onnxruntime-web']).toBe('1.30.0');
    expect(fixes.some((line) => line.includes('onnxruntime-node@1.30.0'))).toBe(!here.includes('onnx'));
    expect(fixes.some((line) => line.includes('ffmpeg'))).toBe(ffmpeg === null);
  });

  it('compares the starter with its stored answer (F022)', async () => {
    expect(await checkStarter('image-starter')).toMatchObject({ name: 'image-starter', passed: true });
    expect(await checkStarter('titok-l32')).toMatchObject({
      passed: false,
      detail: expect.stringContaining('no stored answer'),
    });
  });
});
