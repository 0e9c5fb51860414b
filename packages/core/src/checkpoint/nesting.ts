import { CheckpointError } from '../errors';
import type { Checkpoint } from './checkpoint';
import { rawReaderOf, withRawReader } from './raw-bytes';

/** First parts of dotted keys that stand before further parts, in the order of the file: `state_dict`, `model`, …. */
export function nestedKeys(checkpoint: Checkpoint): readonly string[] {
  const found = new Set<string>();
  for (const key of checkpoint.keys()) {
    const dot = key.indexOf('.');
    if (dot > 0) found.add(key.slice(0, dot));
  }
  return [...found];
}

/**
 * The tensors of a nested dictionary, under their keys inside of it: `['state_dict']` of a Lightning checkpoint,
 * `['model', 'ema']`. Everything else disappears; metadata stays whole. Closing the view closes the checkpoint.
 *
 * @throws {CheckpointError} `not-found` where no tensor lies there; the message lists what is there.
 */
export function selectNested(checkpoint: Checkpoint, path: readonly string[]): Checkpoint {
  if (path.length === 0) return checkpoint;
  const prefix = `${path.join('.')}.`;
  const keys = new Map<string, string>();
  for (const key of checkpoint.keys()) if (key.startsWith(prefix)) keys.set(key.slice(prefix.length), key);
  if (keys.size === 0) {
    const there = nestedKeys(checkpoint);
    throw new CheckpointError(
      'not-found',
      `${checkpoint.source}: expected tensors under ${path.join('.')}, got ${there.length === 0 ? 'no nested ones' : there.slice(0, 8).join(', ')}.`,
      { source: checkpoint.source, missing: [path.join('.')] },
    );
  }
  return renameKeys(checkpoint, keys);
}

/**
 * The same tensors with a prefix (`module.`, `_orig_mod.`) taken off where it stands; other keys stay.
 *
 * @throws {CheckpointError} `malformed` where two keys become one.
 */
export function stripPrefix(checkpoint: Checkpoint, prefix: string): Checkpoint {
  const keys = new Map<string, string>();
  for (const key of checkpoint.keys()) {
    const short = key.startsWith(prefix) ? key.slice(prefix.length) : key;
    const other = keys.get(short);
    if (other !== undefined) {
      throw new CheckpointError(
        'malformed',
        `${checkpoint.source}: expected one tensor ${short}, got ${other} and ${key}.`,
        {
          source: checkpoint.source,
        },
      );
    }
    keys.set(short, key);
  }
  return renameKeys(checkpoint, keys);
}

/** A view of a checkpoint under other keys (new key to old one); tensors that are not named disappear. */
export function renameKeys(checkpoint: Checkpoint, keys: ReadonlyMap<string, string>): Checkpoint {
  const old = (key: string): string => {
    const found = keys.get(key);
    if (found !== undefined) return found;
    throw new CheckpointError(
      'not-found',
      `${checkpoint.source}: expected a tensor ${key}, got ${keys.size} others such as ${[...keys.keys()].slice(0, 5).join(', ')}.`,
      { source: checkpoint.source, missing: [key] },
    );
  };
  const view: Checkpoint = {
    source: checkpoint.source,
    format: checkpoint.format,
    metadata: checkpoint.metadata,
    ...(checkpoint.foreignNames && { foreignNames: checkpoint.foreignNames }),
    files: checkpoint.files,
    keys: () => [...keys.keys()],
    has: (key) => keys.has(key),
    shape: (key) => checkpoint.shape(old(key)),
    dtype: (key) => checkpoint.dtype(old(key)),
    tensor: (key) => checkpoint.tensor(old(key)),
    close: () => checkpoint.close(),
  };
  return withRawReader(
    view,
    rawReaderOf((key) => ({ checkpoint, key: old(key) })),
  );
}
