import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CreditGroup } from './credits';
import { heldOutReason, sampleSources } from './held-out';
import { divide } from './image-sources';
import { mayTrainOn } from './licence-tier';
import type { FetchedPackage } from './packages';
import type { SourceFile } from './source-file';

const source = { kind: 'deb', name: 'example' } as FetchedPackage;
const picture = (path: string, content: string, more: Partial<SourceFile> = {}): SourceFile => ({
  set: 'photos',
  package: source,
  path,
  author: 'Somebody',
  licence: 'CC0',
  bytes: () => new TextEncoder().encode(content),
  ...more,
});

describe('heldOutReason', () => {
  it('knows the sixteen originals by name and by content', () => {
    expect(sampleSources).toHaveLength(16);
    for (const { name, sha256 } of sampleSources) {
      expect(heldOutReason(`some/folder/${name}`, 'other')).toBe('sample');
      expect(heldOutReason(`archive.rcc!/${name}`, 'other')).toBe('sample');
      expect(heldOutReason('renamed.png', sha256)).toBe('sample');
    }
  });

  it('holds out a tenth of all names, wherever they lie', () => {
    const names = Array.from({ length: 2000 }, (_, index) => `picture-${index}.png`);
    const held = names.filter((name) => heldOutReason(name, '') === 'hash');
    expect(held.length / names.length).toBeCloseTo(26 / 256, 1);
    expect(held.every((name) => heldOutReason(`a/b/${name}`, '') === 'hash')).toBe(true);
    expect(heldOutReason('koala.webp', '')).toBe('hash');
    expect(heldOutReason('panda.webp', '')).toBeUndefined();
  });
});

describe('divide', () => {
  it('never trains on a held-out picture', () => {
    const { training, heldOut } = divide([
      picture('a/panda.webp', 'panda'),
      picture('a/koala.webp', 'koala'),
      picture('a/koala.webp', 'drawn koala', { set: 'drawings' }),
      picture('b/chelsea.png', 'cat'),
      picture('b/china.jpg', 'china', { evaluationOnly: true }),
      picture('c/copy-of-panda.webp', 'panda'),
    ]);
    expect(training.map(({ path }) => path)).toEqual(['a/panda.webp']);
    expect(heldOut.map(({ path, reason }) => [path, reason])).toEqual([
      ['a/koala.webp', 'hash'],
      ['b/chelsea.png', 'sample'],
      ['b/china.jpg', 'evaluation-only'],
    ]);
  });
});

const credits = new URL('../../../packages/image/starter/CREDITS.json', import.meta.url);

describe('credits of the image starter', () => {
  it('name no held-out picture and no licence outside tiers A and B', () => {
    const { groups } = JSON.parse(readFileSync(credits, 'utf8')) as { readonly groups: readonly CreditGroup[] };
    expect(groups.length).toBeGreaterThan(0);
    for (const { package: name, author, folder, licence, files } of groups) {
      expect(mayTrainOn(licence), `${name} ${folder}`).toBe(true);
      expect(author, `${name} ${folder}`).not.toBe('');
      for (const [file, sha256] of files) {
        expect(heldOutReason(folder + file, sha256), `${name} ${folder}${file}`).toBeUndefined();
        expect(sha256).toHaveLength(createHash('sha256').update('').digest('hex').length);
      }
    }
  });
});
