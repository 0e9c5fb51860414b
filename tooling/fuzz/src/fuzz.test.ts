import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseOptions, UsageError } from './options';
import { runSlice } from './slice';

describe('the command line', () => {
  it('says how long, what and from where', () => {
    expect(parseOptions(['--minutes', '30', '--only', 'tok', '--seed', '7'])).toEqual({
      help: false,
      minutes: 30,
      only: 'tok',
      seed: 7,
    });
    expect(parseOptions([])).toMatchObject({ minutes: 5, seed: expect.any(Number) });
    for (const wrong of [['--minutes', '0'], ['--seed', 'x'], ['--unknown']])
      expect(() => parseOptions(wrong)).toThrow(UsageError);
  });
});

describe('a slice', () => {
  it('ends by itself, or leaves what it was reading', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tesserae-fuzz-test-'));
    const slice = { target: 'tok', seed: 1, folder, maximumSeconds: 60 };
    expect(await runSlice({ ...slice, runs: 50 })).toEqual({});
    const { crash } = await runSlice({ ...slice, runs: 1e9, maximumSeconds: 6 });
    expect(crash!.error).toContain('did not end in 6 s');
    expect(crash!.bytes.length).toBeGreaterThan(0);
    rmSync(folder, { recursive: true });
  });
});
