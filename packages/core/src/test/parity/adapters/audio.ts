import type { Adapter } from './case-json';
import { listedFiles, weightsOfList } from './weight-files';

/** Audio: bare names with a `role`; taps are named `tap_*`; `weights` is a file, or `files` a list. */
export const adaptAudio: Adapter = (json, files) => {
  const tensors = Object.entries(json.tensors ?? {});
  const expected = tensors.filter(([, { role }]) => role !== 'input');
  return {
    inputs: tensors.filter(([, { role }]) => role === 'input').map(([key]) => ({ name: key, key })),
    expectations: expected.map(([key]) =>
      key.startsWith('tap_')
        ? { name: key.slice('tap_'.length), key, role: 'tap' }
        : { name: key, key, role: 'output' },
    ),
    calls: [{}],
    weights: typeof json.weights === 'string' ? json.weights : weightsOfList(listedFiles(json), files),
  };
};
