import type { Checkpoint, WeightTensor } from '@tesserae/core';

/** A view of a checkpoint in which some matrices have their axes exchanged. */
export function withTransposed(checkpoint: Checkpoint, isTransposed: (key: string) => boolean): Checkpoint {
  return {
    source: checkpoint.source,
    format: checkpoint.format,
    metadata: checkpoint.metadata,
    files: checkpoint.files,
    keys: () => checkpoint.keys(),
    has: (key) => checkpoint.has(key),
    shape: (key) => (isTransposed(key) ? checkpoint.shape(key).toReversed() : checkpoint.shape(key)),
    dtype: (key) => checkpoint.dtype(key),
    tensor: (key) => (isTransposed(key) ? transposed(checkpoint.tensor(key)) : checkpoint.tensor(key)),
    close: () => checkpoint.close(),
  };
}

function transposed({ shape, recipe, read }: WeightTensor): WeightTensor {
  const [rows = 0, columns = 0] = shape;
  return {
    shape: [columns, rows],
    recipe: { kind: 'permute', of: recipe, axes: [1, 0] },
    async read(signal) {
      const data = await read(signal);
      const out = data.slice();
      for (let row = 0; row < rows; row += 1) {
        for (let column = 0; column < columns; column += 1) out[column * rows + row] = data[row * columns + column]!;
      }
      return out;
    },
  };
}
