import { CheckpointError, unwrapCheckpoint, unwrapPrefix, type Checkpoint } from '@tesserae/core';

/** Tensors that are not converted, together. */
export interface LeftOut {
  /** First part of their names: `optimizer_states`. */
  readonly name: string;
  readonly tensors: number;
  readonly why: string;
}

export interface ChosenTensors {
  /** The weights under the names that models know. */
  readonly weights: Checkpoint;
  readonly keys: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

export interface ChoiceOptions {
  /** Everything under its name in the file: optimizer states and all. */
  readonly all: boolean;
  /** Leave out what cannot be read, instead of failing. */
  readonly skipUnreadable: boolean;
}

/**
 * What of a checkpoint is converted: the state dict inside of the usual containers, without wrapper prefixes. The rest
 * (optimizer states, other copies) is not read at all.
 *
 * @throws {CheckpointError} `unsupported-dtype` for tensors that cannot be read; `not-found` where there are none.
 */
export function chooseTensors(checkpoint: Checkpoint, { all, skipUnreadable }: ChoiceOptions): ChosenTensors {
  const weights = all ? checkpoint : unwrapCheckpoint(checkpoint);
  const prefix = all ? '' : unwrapPrefix(checkpoint);
  const outside = checkpoint.keys().filter((key) => !key.startsWith(prefix));
  const unreadable = weights.keys().filter((key) => !isReadable(weights, key));
  if (unreadable.length > 0 && !skipUnreadable) weights.dtype(unreadable[0]!);
  const skipped = new Set(unreadable);
  const keys = weights.keys().filter((key) => !skipped.has(key));
  if (keys.length === 0) {
    const { source } = checkpoint;
    throw new CheckpointError('not-found', `${source}: expected tensors to convert, got none.`, { source });
  }
  return {
    weights,
    keys,
    leftOut: [
      ...grouped(outside, 'not part of the weights (--all converts it too)'),
      ...grouped(unreadable, 'of a kind that cannot be read'),
    ],
  };
}

function isReadable(checkpoint: Checkpoint, key: string): boolean {
  try {
    checkpoint.dtype(key);
    return true;
  } catch {
    return false;
  }
}

function grouped(keys: readonly string[], why: string): readonly LeftOut[] {
  const counts = new Map<string, number>();
  for (const key of keys) {
    const name = key.split('.')[0]!;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, tensors]) => ({ name, tensors, why }));
}
