import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from '../paths.mjs';
import { publishedWorkspaces } from './workspaces.mjs';

const file = 'THIRD_PARTY_NOTICES.md';

/**
 * THIRD_PARTY_NOTICES.md has exactly the packages that published packages use at run time: version and licence of what is
 * installed here, who uses it and how. Optional peers need not be installed.
 */
export async function checkNotices() {
  const text = readFileSync(join(root, file), 'utf8');
  const rows = new Map(
    [...text.matchAll(/^\| (\S+) \| (\d\S*) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)].map(([, name, ...cells]) => [
      name,
      cells.join(' | '),
    ]),
  );
  const problems = [];
  for (const [name, { users, kind, folder }] of runtimeDependencies()) {
    const installed = installedManifest(name, folder);
    const row = rows.get(name);
    rows.delete(name);
    if (row !== undefined && installed === undefined && kind === 'optional peer') continue;
    const expected = [installed?.version, installed?.license, users.join(', '), kind].join(' | ');
    if (row !== expected) problems.push(`${file}: ${name}: expected ${expected}; found ${row ?? 'no row'}`);
  }
  problems.push(...[...rows.keys()].map((name) => `${file}: ${name} is used by no published package`));
  return problems.length > 0 ? { failed: 1, output: problems.join('\n') } : { passed: 1 };
}

function runtimeDependencies() {
  const found = new Map();
  for (const { folder, manifest } of publishedWorkspaces().toSorted((a, b) =>
    compare(a.manifest.name, b.manifest.name),
  )) {
    for (const [kind, names] of [
      ['required', manifest.dependencies],
      ['optional', manifest.optionalDependencies],
      ['optional peer', manifest.peerDependencies],
    ]) {
      for (const name of Object.keys(names ?? {})) {
        if (name.startsWith('@tesserae/')) continue;
        const entry = found.get(name) ?? { kind, folder, users: [] };
        entry.users.push(manifest.name);
        found.set(name, entry);
      }
    }
  }
  return found;
}

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** Some packages do not export their package.json; it lies where their folder is looked up. */
function installedManifest(name, folder) {
  const places = createRequire(join(folder, 'package.json')).resolve.paths(name) ?? [];
  for (const place of places) {
    try {
      return JSON.parse(readFileSync(join(place, name, 'package.json'), 'utf8'));
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
  }
  return undefined;
}
