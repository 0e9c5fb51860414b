import type { Adapter } from './case-json';
import { sortByPrefix } from './prefixed';
import { listedFiles, weightsOfList } from './weight-files';

/** Token reduction: `in.`, `tap.`, `out.`; `tensors` is in order of computation; further containers by name. */
export const adaptTokenReduction: Adapter = (json, files) => ({
  ...sortByPrefix(json, {
    input: /^in\.(?<name>.*)$/,
    tap: /^tap\.(?<name>.*)$/,
    output: /^out\.(?<name>.*)$/,
  }),
  calls: [{}],
  weights: weightsOfList(listedFiles(json), files),
});
