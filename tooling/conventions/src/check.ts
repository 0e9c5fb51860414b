import type { Rule, Violation } from './rule';
import type { Tree } from './tree';
import type { Waiver } from './waivers';

export interface Finding extends Violation {
  readonly rule: string;
}

/** Runs all rules; waived violations are left out, waivers that waive nothing are violations themselves. */
export async function checkAll(
  tree: Tree,
  rules: readonly Rule[],
  waivers: readonly Waiver[],
): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  for (const rule of rules) {
    for (const violation of await rule.check(tree)) found.push({ ...violation, rule: rule.name });
  }
  const isWaived = ({ rule, file }: Finding) => waivers.some((waiver) => waiver.rule === rule && waiver.file === file);
  const unused = waivers.filter(({ rule, file }) => !found.some((each) => each.rule === rule && each.file === file));
  return [
    ...found.filter((each) => !isWaived(each)),
    ...unused.map(({ rule, file }) => ({ file, rule: 'waivers', message: `the waiver of ${rule} is not needed` })),
  ];
}
