import { isTest, sourceFiles } from '../packages';
import type { Rule } from '../rule';

const warnAbove = 300;
const failAbove = 500;

/** One concept a file: long files are split. */
export const fileLength: Rule = {
  name: 'file-length',
  check: (tree) =>
    ['packages', 'apps', 'tooling']
      .flatMap((folder) => sourceFiles(tree, folder))
      .flatMap((file) => {
        const lines = tree.read(file).split('\n').length - 1;
        if (lines > failAbove) return [{ file, message: `has ${lines} lines; at most ${failAbove}` }];
        // Tests are lists; they are only kept from growing without end.
        if (lines > warnAbove && !isTest(file))
          return [{ file, message: `has ${lines} lines; aim for 150`, warning: true }];
        return [];
      }),
};
