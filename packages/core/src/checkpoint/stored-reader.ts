import { platform } from '#platform';
import type { ByteSource } from './byte-source';
import type { StoredReader } from './evaluate-recipe';
import { elementCount, storedBytesPerElement } from './recipes';
import { emptyValues, widenInto } from './widen';

/** Tensors are read and widened in blocks: the raw bytes of a large one are never held beside its values. */
const blockElements = 4 * 1024 * 1024;

export interface StoredFiles {
  readonly read: StoredReader;
  close(): Promise<void>;
}

/** Ranged reads of stored recipes; each file is opened once and kept open until `close`. */
export function storedFiles(): StoredFiles {
  const open = new Map<string, Promise<ByteSource>>();
  const sourceOf = (file: string) => {
    const known = open.get(file) ?? platform.openFile(file);
    open.set(file, known);
    return known;
  };
  return {
    async read({ file, offset, dtype, shape }, signal) {
      const source = await sourceOf(file);
      const count = elementCount(shape);
      const values = emptyValues(dtype, count);
      const size = storedBytesPerElement(dtype);
      for (let start = 0; start < count; start += blockElements) {
        const length = Math.min(blockElements, count - start);
        const bytes = await source.read(offset + start * size, length * size, signal);
        widenInto(bytes, dtype, values, start, { tensor: `tensor at byte ${offset}`, source: file });
      }
      return values;
    },
    async close() {
      const sources = await Promise.allSettled(open.values());
      open.clear();
      for (const source of sources) if (source.status === 'fulfilled') await source.value.close();
    },
  };
}
