import type { Adapter } from './case-json';
import { sortByPrefix } from './prefixed';
import { listedFiles, weightsOfList } from './weight-files';

const numbered = /^tap\.(\d+)\./;

/** 3D: `in.`, `tap.NN.`, `out.`; taps by number, then outputs; `files` is a list, or a map at published size. */
export const adaptShape: Adapter = (json, files) => {
  const { inputs, expectations } = sortByPrefix(json, {
    input: /^in\.(?<name>.*)$/,
    tap: /^tap\.\d+\.(?<name>.*)$/,
    output: /^out\.(?<name>.*)$/,
  });
  const order = ({ key }: { readonly key: string }) => Number(numbered.exec(key)?.[1] ?? Infinity);
  const listed = Array.isArray(json.files) ? listedFiles(json) : Object.values(json.files ?? {}).map(String);
  return {
    inputs,
    // Infinity - Infinity is NaN; outputs keep their order.
    expectations: [...expectations].sort((a, b) => (order(a) === order(b) ? 0 : order(a) - order(b))),
    calls: [{}],
    weights: weightsOfList(listed, files),
  };
};
