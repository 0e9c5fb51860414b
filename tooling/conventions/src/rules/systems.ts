import { importsOf } from '../imports';
import { modalityPackages } from '../packages';
import type { Rule, Violation } from '../rule';
import type { Tree } from '../tree';

/** A folder with a defineSystem call has all the parts of a system, in the package and in its tests. */
export const systems: Rule = {
  name: 'systems',
  check: (tree) =>
    modalityPackages(tree).flatMap(({ folder }) =>
      systemNames(tree, folder).flatMap((name) => partsOf(tree, folder, name)),
    ),
};

/** Folders of `src` whose main file defines a system. */
export function systemNames(tree: Tree, folder: string): readonly string[] {
  return tree.files.flatMap((path) => {
    const found = /^src\/([^/]+)\/\1\.ts$/.exec(path.slice(folder.length + 1));
    return path.startsWith(`${folder}/`) && found && /\bdefineSystem\b/.test(tree.read(path)) ? [found[1]!] : [];
  });
}

function partsOf(tree: Tree, folder: string, name: string): readonly Violation[] {
  const place = `${folder}/src/${name}`;
  const at = (file: string, message: string): Violation => ({ file, message });
  const violations: Violation[] = [];
  if (!tree.has(`${place}/config.ts`)) violations.push(at(place, 'has no config.ts'));
  if (!tree.has(`${place}/weights.ts`) && !takesWeightsOfAnother(tree, place, name)) {
    violations.push(at(place, 'has no weights.ts and takes none of another system'));
  }
  const registry = `${folder}/src/registry.ts`;
  if (!tree.read(registry).includes(`./${name}/${name}'`)) violations.push(at(registry, `does not load ${name}`));
  const runners = `${folder}/test/parity/index.ts`;
  if (!new RegExp(`^\\s*'?${name}'?:`, 'm').test(tree.read(runners)))
    violations.push(at(runners, `has no runner of ${name}`));
  const cases = `${folder}/test/fixtures/${name}/`;
  if (!tree.files.some((path) => path.startsWith(cases) && path.endsWith('/case.json'))) {
    violations.push(at(cases.slice(0, -1), `has no committed case of ${name}`));
  }
  return violations;
}

/** Variants of one architecture share its weight map. */
const takesWeightsOfAnother = (tree: Tree, place: string, name: string): boolean =>
  importsOf(tree.read(`${place}/${name}.ts`)).some(({ from }) => /^\.\.\/[^/]+\/weights$/.test(from));
