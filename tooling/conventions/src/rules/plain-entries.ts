import { posix } from 'node:path';
import { importsOf } from '../imports';
import type { Rule, Violation } from '../rule';
import type { Tree } from '../tree';

/** Entries that work everywhere without TensorFlow.js, and so may load neither it nor anything of Node. */
export const plainEntryFiles = [
  'packages/core/src/data.ts',
  'packages/text/src/index.ts',
  'packages/token-reduction/src/index.ts',
];

/** Follows what the plain entries load at run time. */
export const plainEntries: Rule = {
  name: 'plain-entries',
  check: (tree) => plainEntryFiles.filter((entry) => tree.has(entry)).flatMap((entry) => walk(tree, entry)),
};

function walk(tree: Tree, entry: string): readonly Violation[] {
  const violations: Violation[] = [];
  const seen = new Set([entry]);
  const queue = [entry];
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    for (const { from, typeOnly } of importsOf(tree.read(file))) {
      if (typeOnly) continue;
      if (/^(node:|#|@tensorflow\/|onnxruntime-)/.test(from)) {
        violations.push({ file, message: `loads ${from}, but is part of ${entry}` });
        continue;
      }
      const next = from.startsWith('.') ? resolveModule(tree, posix.join(posix.dirname(file), from)) : undefined;
      if (next === undefined || seen.has(next)) continue;
      seen.add(next);
      queue.push(next);
    }
  }
  return violations;
}

const resolveModule = (tree: Tree, path: string): string | undefined =>
  [`${path}.ts`, `${path}/index.ts`, path].find((candidate) => tree.has(candidate));
