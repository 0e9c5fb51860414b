import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { root } from '../paths.mjs';
import { publishedWorkspaces } from './workspaces.mjs';

/** THIRD_PARTY_NOTICES.md has exactly the runtime dependencies, with version and licence of what is installed. */
export async function checkNotices() {
  const text = readFileSync(join(root, 'THIRD_PARTY_NOTICES.md'), 'utf8');
  const table = text.slice(0, text.indexOf('\n## '));
  const rows = new Map(
    [...table.matchAll(/^\| (\S+) \| (\d\S*) \| ([^|]+) \|/gm)].map(([, name, version, license]) => [
      name,
      `${version}, ${license}`,
    ]),
  );
  const problems = [];
  for (const [name, folder] of runtimeDependencies()) {
    const { version, license } = installedManifest(name, folder);
    const found = rows.get(name);
    if (found !== `${version}, ${license}`) {
      problems.push(`THIRD_PARTY_NOTICES.md: ${name}: expected ${version}, ${license}; found ${found ?? 'no row'}`);
    }
    rows.delete(name);
  }
  problems.push(...[...rows.keys()].map((name) => `THIRD_PARTY_NOTICES.md: ${name} is no runtime dependency`));
  return problems.length > 0 ? { failed: 1, output: problems.join('\n') } : { passed: 1 };
}

function runtimeDependencies() {
  const found = new Map();
  for (const { folder, manifest } of publishedWorkspaces()) {
    for (const name of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
      if (!name.startsWith('@tesserae/')) found.set(name, folder);
    }
  }
  return found;
}

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
  throw new Error(`${name} is not installed for ${dirname(folder)}`);
}
