import { CheckpointError } from '../errors';
import type { Json } from '../signal/signal';
import type { Checkpoint, CheckpointFormat } from './checkpoint';
import { entryChunks } from './entry-chunks';
import { withRawReader } from './raw-bytes';
import { elementCount } from './recipes';
import { readEntry, readEntryBytes, valueDtype, type TensorEntry } from './tensor-storage';
import type { StoredDtype, WeightRecipe, WeightTensor } from './weight-recipe';

export interface CheckpointParts {
  readonly source: string;
  readonly format: CheckpointFormat;
  readonly entries: ReadonlyMap<string, TensorEntry>;
  readonly metadata: Json;
  readonly foreignNames?: readonly string[];
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  close(): Promise<void>;
}

/** A {@link Checkpoint} over entries that a reader found. */
export function createCheckpoint(parts: CheckpointParts): Checkpoint {
  const { source, entries } = parts;
  let closed = false;
  const entryOf = (key: string): TensorEntry => {
    const entry = entries.get(key);
    if (entry) return entry;
    throw new CheckpointError('not-found', `${source}: expected a tensor ${key}, got ${listNearest(key, entries)}.`, {
      source,
      missing: [key],
    });
  };
  const readable = (key: string): TensorEntry & { readonly dtype: StoredDtype } => {
    const entry = entryOf(key);
    if (typeof entry.dtype === 'string') return entry as TensorEntry & { readonly dtype: StoredDtype };
    throw new CheckpointError(
      'unsupported-dtype',
      `${source}: ${key}: expected a float, integer or boolean tensor, got ${entry.dtype.unsupported}.`,
      { source },
    );
  };
  const refuseClosed = (key: string) => {
    if (!closed) return;
    throw new CheckpointError('closed', `${source}: ${key}: the checkpoint is closed.`, { source });
  };
  const checkpoint: Checkpoint = {
    source,
    format: parts.format,
    metadata: parts.metadata,
    ...(parts.foreignNames && parts.foreignNames.length > 0 && { foreignNames: parts.foreignNames }),
    files: parts.files,
    keys: () => [...entries.keys()],
    has: (key) => entries.has(key),
    shape: (key) => entryOf(key).shape,
    dtype: (key) => readable(key).dtype,
    tensor(key): WeightTensor {
      const entry = readable(key);
      const read: WeightTensor['read'] = async (signal) => {
        refuseClosed(key);
        return readEntry(entry, { tensor: key, source }, signal);
      };
      return { shape: entry.shape, recipe: recipeOf(entry, read), read };
    },
    async close() {
      if (closed) return;
      closed = true;
      await parts.close();
    },
  };
  return withRawReader(checkpoint, {
    async read(key, signal) {
      refuseClosed(key);
      return readEntryBytes(readable(key), signal);
    },
    async *chunks(key, signal) {
      refuseClosed(key);
      yield* entryChunks(readable(key), signal);
    },
  });
}

function recipeOf(entry: TensorEntry & { readonly dtype: StoredDtype }, read: WeightTensor['read']): WeightRecipe {
  const { shape, dtype, storage, byteOffset, strides } = entry;
  // An empty range cannot be mapped.
  if (storage.place && !strides && elementCount(shape) > 0) {
    return { kind: 'stored', file: storage.place.file, offset: storage.place.offset + byteOffset, dtype, shape };
  }
  return { kind: 'values', dtype: valueDtype(dtype), shape, read };
}

/** Names to compare a missing one with: those with the same last part, otherwise the first ones. */
function listNearest(key: string, entries: ReadonlyMap<string, TensorEntry>): string {
  const last = key.slice(key.lastIndexOf('.'));
  const keys = [...entries.keys()];
  const similar = keys.filter((candidate) => candidate.endsWith(last));
  const shown = (similar.length > 0 ? similar : keys).slice(0, 5);
  return shown.length === 0 ? 'a file without tensors' : `${keys.length} tensors such as ${shown.join(', ')}`;
}
