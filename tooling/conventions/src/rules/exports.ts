import { type Manifest, publishedPackages } from '../packages';
import type { Rule } from '../rule';

const source = '@tesserae/source';

/** Published manifests: ESM, no side effects, sources first in the repository and absent from what is published. */
export const exportsMap: Rule = {
  name: 'exports',
  check: (tree) =>
    publishedPackages(tree).flatMap(({ folder, manifest, kind }) =>
      [...fieldProblems(manifest), ...(kind === 'package' ? mapProblems(manifest) : [])].map((message) => ({
        file: `${folder}/package.json`,
        message,
      })),
    ),
};

function fieldProblems({ type, sideEffects, engines, license, publishConfig, exports }: Manifest): readonly string[] {
  const problems: string[] = [];
  if (type !== 'module') problems.push('"type" is not "module"');
  if (sideEffects !== false) problems.push('"sideEffects" is not false');
  if (engines?.node !== '>=20.19') problems.push('"engines.node" is not ">=20.19"');
  if (license !== 'Apache-2.0') problems.push('"license" is not "Apache-2.0"');
  if (publishConfig?.access !== 'public') problems.push('"publishConfig.access" is not "public"');
  if (exports?.['./package.json'] !== './package.json') problems.push('"./package.json" is not exported');
  return problems;
}

function mapProblems({ exports = {}, publishConfig }: Manifest): readonly string[] {
  const published = publishConfig?.exports ?? {};
  const problems: string[] = [];
  for (const [entry, target] of Object.entries(exports)) {
    if (typeof target === 'string') {
      if (published[entry] !== target) problems.push(`publishConfig.exports["${entry}"] is not "${target}"`);
      continue;
    }
    const name = entry === '.' ? 'index' : entry.slice(2);
    const built = { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` };
    const expected = { [source]: `./src/${name}.ts`, ...built };
    // Order counts: the first condition that holds is taken.
    if (JSON.stringify(target) !== JSON.stringify(expected))
      problems.push(`"${entry}" is not ${JSON.stringify(expected)}`);
    if (JSON.stringify(published[entry]) !== JSON.stringify(built)) {
      problems.push(`publishConfig.exports["${entry}"] is not ${JSON.stringify(built)}`);
    }
  }
  for (const entry of Object.keys(published)) {
    if (!(entry in exports)) problems.push(`publishConfig.exports has "${entry}", which "exports" has not`);
  }
  return problems;
}
