import type { Adapter } from './case-json';
import { sortByPrefix } from './prefixed';
import { listedFiles, weightsOfList } from './weight-files';

/** Core and 2D images: `in.`, `out.`, `out.tap.`; `tensors` is in order of computation; `files` is a list. */
export const adaptCore: Adapter = (json, files) => ({
  ...sortByPrefix(json, {
    input: /^in\.(?<name>.*)$/,
    tap: /^out\.tap\.(?<name>.*)$/,
    output: /^out\.(?<name>.*)$/,
  }),
  calls: [{}],
  weights: weightsOfList(listedFiles(json), files),
});
