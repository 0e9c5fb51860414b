import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { installPackages } from './install';
import { vocabularyPackages } from './packages';

const base = mkdtempSync(join(tmpdir(), 'tesserae-vocabularies-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const one = { name: 'one', version: '1.0.0', holds: 'a' };
const two = { name: '@scope/two', version: '2.0.0', holds: 'b' };

/** Stands for npm: puts every listed package in place, except those of `broken`. */
function fakeNpm(folder: string, calls: string[][], broken: readonly string[] = []) {
  return () => {
    const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    calls.push(Object.keys(dependencies));
    if (Object.keys(dependencies).some((name) => broken.includes(name))) return 1;
    for (const [name, version] of Object.entries(dependencies)) {
      const place = join(folder, 'node_modules', name);
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, 'package.json'), JSON.stringify({ name, version }));
    }
    return 0;
  };
}

describe('installPackages', () => {
  it('installs one after the other and goes on where it stopped', () => {
    const folder = join(base, 'resumed');
    const calls: string[][] = [];
    expect([...installPackages(folder, [one], fakeNpm(folder, calls), [one, two])].map(({ status }) => status)).toEqual(
      ['installed'],
    );
    const again = [...installPackages(folder, [one, two], fakeNpm(folder, calls))];
    expect(again.map(({ status }) => status)).toEqual(['kept', 'installed']);
    expect(calls).toEqual([['one'], ['one', '@scope/two']]);
    expect(again[0]!.bytes).toBe(JSON.stringify({ name: 'one', version: '1.0.0' }).length);
  });
  it('reports a failure and tries the rest', () => {
    const folder = join(base, 'broken');
    const results = [...installPackages(folder, [one, two], fakeNpm(folder, [], ['one']))];
    expect(results.map(({ label, status }) => `${label} ${status}`)).toEqual([
      'one 1.0.0 failed',
      '@scope/two 2.0.0 installed',
    ]);
  });
});

describe('vocabularyPackages', () => {
  it('pins every package once', () => {
    const names = vocabularyPackages.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { version } of vocabularyPackages) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });
});
