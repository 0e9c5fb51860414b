import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type FetchedPackage, filesOf } from './packages';
import { seedOf } from './seed';
import type { SourceFile } from './source-file';

/** Left out: spirals and gradients by the hundred, lettering, brands, people. */
const leftOut = /\/png\/(shapes|special|signs_and_symbols|buttons|logos|people|unsorted\/duplicates)\//;

/** How many pictures of each drawing package are taken; the choice depends on the paths alone. */
const drawingsTaken = { clipArt: 1500, emoji: 400 };

/** Clip art with transparency, put into the public domain by its contributors. */
export function clipArt(source: FetchedPackage): readonly SourceFile[] {
  const paths = filesOf(source, 'usr/share/openclipart/png', /\.png$/).filter(
    (path) => !leftOut.test(path) && statSync(join(source.root, path)).size > 3000,
  );
  return chosen(paths, drawingsTaken.clipArt).map((path) => ({
    set: 'drawings',
    package: source,
    path,
    author: 'openclipart contributor named in the file name',
    licence: 'public-domain',
    bytes: () => readFileSync(join(source.root, path)),
  }));
}

/** Rendered emoji; of the variants in skin colours only the plain one. */
export function fluentEmoji(source: FetchedPackage): readonly SourceFile[] {
  const paths = filesOf(source, 'package/assets', /\.webp$/).filter((path) => !/-1f3f[b-f]/.test(path));
  return chosen(paths, drawingsTaken.emoji).map((path) => ({
    set: 'drawings',
    package: source,
    path,
    author: 'Microsoft (Fluent Emoji), packaged by LobeHub',
    licence: 'MIT',
    bytes: () => readFileSync(join(source.root, path)),
  }));
}

function chosen(paths: readonly string[], count: number): readonly string[] {
  return paths
    .toSorted((a, b) => seedOf(a) - seedOf(b) || (a < b ? -1 : 1))
    .slice(0, count)
    .toSorted();
}
