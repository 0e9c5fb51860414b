import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(fileURLToPath(new URL('../../../..', import.meta.url)), '.vocabularies', 'node_modules');

/**
 * A file of an npm package that `npm run vocabularies` installs; undefined where the package is absent or of another
 * version.
 */
export function vocabularyFile(name: string, version: string, file: string): Uint8Array | undefined {
  const manifest = join(folder, name, 'package.json');
  if (!existsSync(manifest)) return undefined;
  const installed = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string };
  const path = join(folder, name, file);
  return installed.version === version && existsSync(path) ? readFileSync(path) : undefined;
}

/** What a runner says when a package is not there. */
export const needsPackage = (name: string): string => `needs ${name} (npm run vocabularies)`;
