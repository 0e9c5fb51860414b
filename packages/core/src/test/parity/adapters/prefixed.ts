import type { CaseJson, CaseView, NamedTensor } from './case-json';

/** How a dialect marks inputs, taps and outputs in names. Groups: `name`. */
export interface NamePatterns {
  readonly input: RegExp;
  readonly tap: RegExp;
  readonly output: RegExp;
}

type Sorted = Pick<CaseView, 'inputs' | 'expectations'>;

/** Sorts tensors by the prefix of their names, in the order of `tensors`. */
export function sortByPrefix({ tensors = {} }: CaseJson, { input, tap, output }: NamePatterns): Sorted {
  const inputs: NamedTensor[] = [];
  const expectations: CaseView['expectations'][number][] = [];
  for (const key of Object.keys(tensors)) {
    const named = (pattern: RegExp) => pattern.exec(key)?.groups?.['name'];
    const asInput = named(input);
    const asTap = named(tap);
    if (asInput !== undefined) inputs.push({ name: asInput, key });
    else if (asTap !== undefined) expectations.push({ name: asTap, key, role: 'tap' });
    else expectations.push({ name: named(output) ?? key, key, role: 'output' });
  }
  return { inputs, expectations };
}
