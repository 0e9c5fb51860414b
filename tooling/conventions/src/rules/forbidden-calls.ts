import { isTest, sourceFiles, workspacePackages } from '../packages';
import type { Rule } from '../rule';

const calls = [
  { pattern: /\btf\.getBackend\(/, name: 'tf.getBackend', why: 'only the engines ask for the backend' },
  { pattern: /\.dataSync\(/, name: 'dataSync', why: 'some engines read asynchronously only' },
  { pattern: /\bconsole\.\w+\(/, name: 'console', why: 'a library does not print' },
];

/** Kernels compare themselves with a backend, and test helpers read results. */
const engineFolders = ['packages/core/src/engine/', 'packages/core/src/test/'];

/** No backend questions, synchronous reads or printing in library code. */
export const forbiddenCalls: Rule = {
  name: 'forbidden-calls',
  check: (tree) =>
    workspacePackages(tree)
      .filter(({ kind }) => kind === 'package')
      .flatMap(({ folder }) => sourceFiles(tree, `${folder}/src`))
      .filter((file) => !isTest(file))
      .flatMap((file) => {
        const inEngine = engineFolders.some((folder) => file.startsWith(folder));
        const lines = tree.read(file).split('\n');
        return calls
          .filter(({ name }) => !(inEngine && name !== 'console'))
          .flatMap(({ pattern, name, why }) =>
            lines.flatMap((line, index) =>
              pattern.test(line) && !/^\s*(\*|\/\/)/.test(line)
                ? [{ file, message: `line ${index + 1} calls ${name}: ${why}` }]
                : [],
            ),
          );
      }),
};
