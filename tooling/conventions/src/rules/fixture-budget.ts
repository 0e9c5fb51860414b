import type { Rule, Violation } from '../rule';

const megabyte = 1_000_000;

/** Megabytes of committed cases a package. */
const budgets: Readonly<Record<string, number>> = {
  image: 9,
  audio: 4,
  video: 4,
  '3d': 3,
  text: 2.3,
  'token-reduction': 1,
  // Every quantizer case, and the two checkpoint files.
  core: 1.2,
};
const caseLimit = 2.1;

/** Committed parity cases stay small enough to clone. */
export const fixtureBudget: Rule = {
  name: 'fixture-budget',
  check: (tree) => {
    const packages = new Map<string, number>();
    const cases = new Map<string, number>();
    for (const path of tree.files) {
      const found = /^packages\/([^/]+)\/test\/fixtures\/[^/]+\/[^/]+/.exec(path);
      if (!found) continue;
      const bytes = tree.size(path);
      packages.set(found[1]!, (packages.get(found[1]!) ?? 0) + bytes);
      cases.set(found[0], (cases.get(found[0]) ?? 0) + bytes);
    }
    const over = (file: string, bytes: number, limit: number): readonly Violation[] =>
      bytes > limit * megabyte
        ? [{ file, message: `holds ${(bytes / megabyte).toFixed(2)} MB; at most ${limit} MB` }]
        : [];
    return [
      ...[...packages].flatMap(([name, bytes]) => over(`packages/${name}/test/fixtures`, bytes, budgets[name] ?? 1)),
      ...[...cases].flatMap(([folder, bytes]) => over(folder, bytes, caseLimit)),
    ];
  },
};
