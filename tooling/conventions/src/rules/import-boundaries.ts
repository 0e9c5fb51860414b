import { importsOf } from '../imports';
import { modalityPackages, sourceFiles, workspacePackages } from '../packages';
import type { Rule, Violation } from '../rule';

/** Dependencies point one way, and nothing reaches into what another package built or into TensorFlow.js's files. */
export const importBoundaries: Rule = {
  name: 'import-boundaries',
  check: (tree) => {
    const modalities = modalityPackages(tree);
    const names = modalities.map(({ manifest }) => manifest.name);
    return workspacePackages(tree).flatMap(({ folder, manifest, kind }) =>
      sourceFiles(tree, folder).flatMap((file): readonly Violation[] =>
        importsOf(tree.read(file)).flatMap(({ from }) => {
          const violation = (message: string): readonly Violation[] => [
            { file, message: `imports ${from}: ${message}` },
          ];
          if (/^@tensorflow\/[^/]+\//.test(from))
            return violation('no path inside TensorFlow.js resolves in plain Node');
          if (/(^|\/)dist\//.test(from) && kind === 'package') return violation('import sources, not built files');
          const target = packageName(from);
          const isModality = names.includes(target) && target !== manifest.name;
          if (kind === 'package' && isModality) {
            return violation(
              folder === 'packages/core' ? 'core knows no modality' : 'modality packages know only core',
            );
          }
          return [];
        }),
      ),
    );
  },
};

const packageName = (from: string): string =>
  from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/');
