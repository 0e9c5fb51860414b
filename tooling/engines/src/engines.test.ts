import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseOptions, UsageError } from './options';
import { UnavailableError } from './steps';
import { findWheel, tensorflowVersion } from './wheel';

const folder = mkdtempSync(join(tmpdir(), 'tesserae-engines-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('parseOptions', () => {
  it('has defaults and reads the environment', () => {
    expect(parseOptions([], {})).toEqual({ help: false, device: 'auto', python: 'python3' });
    expect(parseOptions([], { TESSERAE_TENSORFLOW_WHEEL: 'a.whl' }).wheel).toBe('a.whl');
    expect(parseOptions(['--wheel', 'b.whl'], { TESSERAE_TENSORFLOW_WHEEL: 'a.whl' }).wheel).toBe('b.whl');
  });
  it.each([[['--device', 'tpu']], [['--nope']]])('refuses %j', (given) => {
    expect(() => parseOptions(given, {})).toThrow(UsageError);
  });
});

describe('findWheel', () => {
  const request = { python: join(folder, 'no-python'), gpu: false, folder: join(folder, 'wheels'), base: folder };
  it('says in one line that no wheel can be reached', () => {
    expect(() => findWheel(request)).toThrow(UnavailableError);
    expect(() => findWheel(request)).toThrow(/^no wheel of tensorflow-cpu .*--wheel <file>$/);
  });
  it('refuses a path where nothing is', () => {
    expect(() => findWheel({ ...request, wheel: 'absent.whl' })).toThrow(/there is no wheel at .*absent\.whl/);
  });
  it('takes an earlier download', () => {
    const file = join(request.folder, `tensorflow_cpu-${tensorflowVersion}-cp311-cp311-linux.whl`);
    mkdirSync(request.folder, { recursive: true });
    writeFileSync(file, '');
    expect(findWheel(request)).toBe(file);
  });
});
