import { publishedPackages } from '../packages';
import type { Rule } from '../rule';

const required = ['README.md', 'CHANGELOG.md', 'tsconfig.json', 'tsup.config.ts', 'vitest.config.ts'];

/** Every published package has the same files. */
export const packageFiles: Rule = {
  name: 'package-files',
  check: (tree) =>
    publishedPackages(tree).flatMap(({ folder, kind }) =>
      [...required, ...(kind === 'package' ? ['src/index.ts'] : [])]
        .filter((file) => !tree.has(`${folder}/${file}`))
        .map((file) => ({ file: folder, message: `has no ${file}` })),
    ),
};
