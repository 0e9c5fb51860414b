import { describe, expect, it } from 'vitest';
import { creditsOf, jsonRows, lockOf, type UsedFile } from './credits';
import type { FetchedPackage } from './packages';

const source: FetchedPackage = {
  kind: 'deb',
  name: 'example',
  version: '1.0-1',
  archive: 'example_1.0-1_all.deb',
  size: 10,
  sha256: 'aa',
  root: '/nowhere',
};
const used = (path: string, author: string): UsedFile => ({
  set: 'photos',
  package: source,
  path,
  author,
  licence: 'CC0',
  sha256: 'bb',
  bytes: () => new Uint8Array(),
});

describe('creditsOf', () => {
  it('groups by author and folder, inside of archives too', () => {
    const groups = creditsOf([
      used('a/1.png', 'B'),
      used('a/2.png', 'A'),
      used('a/3.png', 'B'),
      used('x.rcc!/p.webp', 'A'),
    ]);
    expect(groups.map(({ author, folder, files }) => [author, folder, files.map(([name]) => name)])).toEqual([
      ['A', 'a/', ['2.png']],
      ['B', 'a/', ['1.png', '3.png']],
      ['A', 'x.rcc!/', ['p.webp']],
    ]);
  });
});

describe('creditsOf with origins', () => {
  it('keeps the address of the original', () => {
    const [group] = creditsOf([{ ...used('a/1.png', 'A'), origin: 'https://example.org/1' }, used('a/2.png', 'A')]);
    expect(group!.files).toEqual([
      ['1.png', 'bb', 'https://example.org/1'],
      ['2.png', 'bb'],
    ]);
  });
});

describe('lockOf', () => {
  it('counts the used files of each package', () => {
    expect(lockOf([source], [used('a/1.png', 'A'), used('a/2.png', 'A')])).toMatchObject([
      { name: 'example', version: '1.0-1', sha256: 'aa', usedFiles: 2 },
    ]);
  });
});

describe('jsonRows', () => {
  it('writes one row a line', () => {
    const text = jsonRows({ note: 'n' }, 'rows', [{ a: 1 }, { a: 2 }]);
    expect(JSON.parse(text)).toEqual({ note: 'n', rows: [{ a: 1 }, { a: 2 }] });
    expect(text.split('\n')).toHaveLength(8);
  });
});
