import type { Checkpoint, WeightMap } from '@tesserae/core';
import { fitCheckpoint } from '../../../core/src/checkpoint/fit-checkpoint';

/** What of a list of keys and shapes does not fit a declaration of weights. */
export function fitsManifest(keys: Readonly<Record<string, readonly number[]>>, weights: (map: WeightMap) => unknown) {
  const shapeOf = (key: string) => keys[key]!;
  const checkpoint: Checkpoint = {
    source: 'manifest',
    format: 'safetensors',
    metadata: {},
    files: [],
    keys: () => Object.keys(keys),
    has: (key) => Object.hasOwn(keys, key),
    shape: shapeOf,
    dtype: () => 'F32',
    tensor(key) {
      const read = () => Promise.reject(new Error('a manifest has no values'));
      return { shape: shapeOf(key), recipe: { kind: 'values', dtype: 'F32', shape: shapeOf(key), read }, read };
    },
    close: async () => undefined,
  };
  const { missing, unexpected, misshaped } = fitCheckpoint(checkpoint, weights, () => {
    throw new Error('a manifest has no values');
  });
  return { missing, unexpected, misshaped };
}
