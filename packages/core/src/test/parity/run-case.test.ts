import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineError } from '../../errors';
import { safetensorsBytes } from '../safetensors-bytes';
import { findCases } from './find-cases';
import type { ParityRunner } from './parity-case';
import { runCase } from './run-case';

let root = '';

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tesserae-run-case-'));
  const folder = join(root, 'text', 'double', 'plain');
  await mkdir(folder, { recursive: true });
  const tensor = (dtype: string) => ({ shape: [3], dtype });
  const json = {
    system: 'double',
    case: 'plain',
    tensors: { x: tensor('float32'), y: tensor('float64'), ids: tensor('int64'), bytes: tensor('uint8') },
  };
  await writeFile(join(folder, 'case.json'), JSON.stringify(json));
  const io = safetensorsBytes({
    x: { shape: [3], data: Float32Array.of(1, 2, 3) },
    y: { shape: [3], data: Float64Array.of(2, 4, 6) },
    ids: { shape: [3], data: BigInt64Array.of(0n, -1n, 7n) },
    bytes: { shape: [3], data: Uint8Array.of(0, 128, 255) },
  });
  await writeFile(join(folder, 'io.safetensors'), io);
  await writeFile(join(folder, 'cases.json.gz'), gzipSync('{"a":1}'));
  const broken = join(root, 'text', 'double', 'broken');
  await mkdir(broken);
  await writeFile(join(broken, 'case.json'), '{');
});
afterAll(() => rm(root, { recursive: true, force: true }));

const run = async (runner: ParityRunner | undefined, name = 'plain') => {
  const location = findCases(root).find((found) => found.name === name)!;
  return runCase(location, () => runner, { engine: 'cpu' });
};

const double: ParityRunner = async (test, report) => {
  const { shape, data } = test.input('x');
  report.tensor('y', { shape, data: data.map((value) => value * 2) });
  report.tensor('ids', test.expected('ids'));
  report.tensor('bytes', { shape: [3], data: Int32Array.of(1, 128, 254) });
  report.equal('cases', await test.json('cases.json'), { a: 1 });
};

describe('runCase', () => {
  it('passes what is equal; bytes may be off by one', async () => {
    const result = await run(double);
    expect(result).toMatchObject({ status: 'ok', id: 'text/double/plain', tensors: 3, checks: 1, worst: 1 });
  });

  it('fails a wrong value', async () => {
    const wrong: ParityRunner = async (test, report) => {
      await double(test, report);
      report.tensor('y', { shape: [3], data: Float64Array.of(2, 4, 6.1) });
    };
    const result = await run(wrong);
    expect(result).toMatchObject({ status: 'FAIL' });
    expect(result.message).toMatch(/^first difference: y \[3\], max 0\.1 at \[2\]/);
  });

  it('fails an output that was not compared', async () => {
    const result = await run(async (test, report) => report.tensor('y', test.expected('y')));
    // x was not read either: nothing says that it is an input.
    expect(result).toMatchObject({ status: 'FAIL', message: 'first difference: x was not compared; 2 more' });
  });

  it('fails what throws, and says what', async () => {
    const result = await run((test) => Promise.resolve(test.input('nothing')).then());
    expect(result).toMatchObject({ status: 'FAIL' });
    expect(result.message).toMatch(/InputError: text\/double\/plain: input nothing: expected one of x, y, ids, bytes/);
  });

  it('fails a case that cannot be read', async () => {
    const result = await run(double, 'broken');
    expect(result.status).toBe('FAIL');
    expect(result.message).toMatch(/case\.json: expected JSON/);
  });

  it('skips what does not fit into memory', async () => {
    const error = new EngineError('does-not-fit', 'wasm', 'encode', 'needs 5 GB');
    const result = await run(() => Promise.reject(error));
    expect(result).toMatchObject({ status: 'skip', message: 'does not fit: wasm: encode: needs 5 GB' });
  });

  it('skips by name', async () => {
    const result = await run(async (_, report) => report.skip('needs a vocabulary'));
    expect(result).toMatchObject({ status: 'skip', message: 'needs a vocabulary' });
  });

  it('says when a system has no runner', async () => {
    expect(await run(undefined)).toMatchObject({ status: 'not implemented', id: 'text/double/plain' });
  });
});

describe('findCases', () => {
  it('takes the modality from the folders, or as given', () => {
    expect(findCases(root).map(({ modality, system, name }) => `${modality}/${system}/${name}`)).toEqual([
      'text/double/broken',
      'text/double/plain',
    ]);
    const [first] = findCases(join(root, 'text', 'double', 'plain'), 'audio');
    expect(first).toMatchObject({ modality: 'audio', system: 'double', name: 'plain' });
  });
});
