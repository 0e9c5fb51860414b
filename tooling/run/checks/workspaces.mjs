import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../paths.mjs';

/** `{ folder, manifest }` of every folder with a package.json below packages, apps and tooling. */
export function workspaces() {
  return ['packages', 'apps', 'tooling'].flatMap((parent) =>
    readdirSync(join(root, parent))
      .map((name) => join(root, parent, name))
      .filter((folder) => existsSync(join(folder, 'package.json')))
      .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) })),
  );
}

/** Those that go to the registry. */
export const publishedWorkspaces = () => workspaces().filter(({ manifest }) => manifest.private !== true);
