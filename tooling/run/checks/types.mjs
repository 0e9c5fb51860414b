import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from '../paths.mjs';
import { capture, inParallel } from '../processes.mjs';
import { workspaces } from './workspaces.mjs';

/** tsc over every workspace with a tsconfig.json, from sources, two at a time. */
export async function checkTypes() {
  const folders = workspaces()
    .map(({ folder }) => relative(root, folder))
    .filter((folder) => existsSync(join(root, folder, 'tsconfig.json')));
  const results = await inParallel(2, folders, (folder) =>
    capture('tsc', ['--noEmit', '--pretty', 'false', '-p', folder]),
  );
  const failed = results.filter(({ code }) => code !== 0);
  if (failed.length > 0) return { failed: 1, output: failed.map(({ output }) => output).join('') };
  return { passed: 1, detail: `${folders.length} projects` };
}
