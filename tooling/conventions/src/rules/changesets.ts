import { publishedPackages } from '../packages';
import type { Rule } from '../rule';

/** Every changeset names packages that exist and are published. */
export const changesets: Rule = {
  name: 'changesets',
  check: (tree) => {
    const names = publishedPackages(tree).map(({ manifest }) => manifest.name);
    return tree.files
      .filter((path) => /^\.changeset\/[^/]+\.md$/.test(path) && !path.endsWith('/README.md'))
      .flatMap((file) => {
        const head = /^---\n([\s\S]*?)^---$/m.exec(tree.read(file))?.[1];
        if (head === undefined) return [{ file, message: 'has no head of package names' }];
        return head
          .split('\n')
          .filter((line) => line.trim() !== '')
          .flatMap((line) => {
            const found = /^['"]?([^'":]+)['"]?: (patch|minor|major)$/.exec(line.trim());
            if (!found) return [{ file, message: `"${line}" is not '<package>': patch | minor | major` }];
            return names.includes(found[1]!)
              ? []
              : [{ file, message: `names ${found[1]}, which is no published package` }];
          });
      });
  },
};
