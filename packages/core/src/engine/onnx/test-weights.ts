import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoredDtype, WeightRecipe, WeightTensor } from '../../checkpoint/weight-recipe';
import { recipeShape } from '../../checkpoint/weight-recipe';

/** A weight whose compiled form is all that a test looks at. */
export function recipeWeight(recipe: WeightRecipe): WeightTensor {
  return {
    shape: recipeShape(recipe),
    recipe,
    read: () => Promise.reject(new Error('the compiled engine reads recipes')),
  };
}

/** A weight in memory. */
export function valuesWeight(
  values: Float32Array | Int32Array,
  shape: readonly number[] = [values.length],
): WeightTensor {
  const dtype = values instanceof Float32Array ? 'F32' : 'I32';
  return recipeWeight({ kind: 'values', dtype, shape, read: async () => values });
}

/** Contiguous bytes of a file. */
export function storedWeight(
  file: string,
  offset: number,
  shape: readonly number[],
  dtype: StoredDtype = 'F32',
): WeightTensor {
  return recipeWeight({ kind: 'stored', file, offset, dtype, shape });
}

/** Runs `body` with an empty folder that is removed afterwards. */
export async function inFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'tesserae-test-'));
  try {
    return await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes a file with a few bytes before the values. */
export async function writeValues(path: string, values: ArrayBufferView, headerBytes = 8): Promise<number> {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  await writeFile(path, Buffer.concat([new Uint8Array(headerBytes), bytes]));
  return headerBytes;
}
