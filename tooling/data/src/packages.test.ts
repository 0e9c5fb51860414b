import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyrightText, fetchPackage, filesOf } from './packages';

let work: string;

beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'tesserae-data-'));
  mkdirSync(join(work, 'packages'));
  writeFileSync(join(work, 'packages/example_1%3a2.0-1_all.deb'), 'abc');
  mkdirSync(join(work, 'unpacked/example/usr/share/doc/example'), { recursive: true });
  writeFileSync(join(work, 'unpacked/example/usr/share/doc/example/copyright'), 'terms');
  writeFileSync(join(work, 'unpacked/example/usr/share/b.png'), '');
  writeFileSync(join(work, 'unpacked/example/usr/share/a.png'), '');
});

afterAll(() => rmSync(work, { recursive: true, force: true }));

describe('fetchPackage', () => {
  it('uses what already lies there', () => {
    const messages: string[] = [];
    const fetched = fetchPackage({ kind: 'deb', name: 'example' }, work, (message) => messages.push(message));
    expect(messages).toEqual([]);
    expect(fetched).toMatchObject({
      version: '1:2.0-1',
      size: 3,
      sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    });
    expect(copyrightText(fetched!)).toBe('terms');
    expect(filesOf(fetched!, 'usr/share', /\.png$/)).toEqual(['usr/share/a.png', 'usr/share/b.png']);
    expect(filesOf(fetched!, 'usr/lib', /./)).toEqual([]);
  });

  it('reports a package that cannot be had and goes on', () => {
    const messages: string[] = [];
    const missing = fetchPackage({ kind: 'deb', name: 'No Such Package' }, work, (message) => messages.push(message));
    expect(missing).toBeUndefined();
    expect(messages[0]).toMatch(/^No Such Package: skipped/);
  });
});
