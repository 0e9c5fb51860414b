import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root, toolsFolder } from '../paths.mjs';
import { capture } from '../processes.mjs';
import { workspaces } from './workspaces.mjs';

const base = 'tooling/tsconfig/base.json';
/** What the configuration of every workspace extends. */
const bases = ['@tesserae/tsconfig/base.json', '../tsconfig/base.json'];

/**
 * tsc over every workspace with a tsconfig.json, from sources. All have the same options, so that one program holds
 * them: a program for each would check core again for every package that uses it. What did not change since the last
 * run is not checked again.
 */
export async function checkTypes() {
  const folders = workspaces()
    .map(({ folder }) => relative(root, folder))
    .filter((folder) => existsSync(join(root, folder, 'tsconfig.json')));
  const project = join(toolsFolder, 'tsconfig.types.json');
  mkdirSync(toolsFolder, { recursive: true });
  writeFileSync(project, `${JSON.stringify(wholeProject(folders), null, 2)}\n`);
  const { code, output } = await capture('tsc', ['--pretty', 'false', '-p', project]);
  if (code !== 0) return { failed: 1, output };
  return { passed: 1, detail: `${folders.length} projects` };
}

function wholeProject(folders) {
  const upward = relative(toolsFolder, root);
  return {
    extends: join(upward, base),
    compilerOptions: { noEmit: true, incremental: true, tsBuildInfoFile: 'types.tsbuildinfo' },
    include: folders.flatMap((folder) => includesOf(folder).map((path) => join(upward, folder, path))),
  };
}

/** @throws {Error} A workspace has options of its own, which one program cannot have. */
function includesOf(folder) {
  const path = join(folder, 'tsconfig.json');
  const { extends: extended, include, ...others } = JSON.parse(readFileSync(join(root, path), 'utf8'));
  if (!bases.includes(extended) || !Array.isArray(include) || Object.keys(others).length > 0)
    throw new Error(`${path}: expected extends of ${bases[0]} and include, nothing else.`);
  return include;
}
