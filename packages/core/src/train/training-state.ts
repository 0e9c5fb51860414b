import { platform } from '#platform';
import { openCheckpoint } from '../checkpoint/open-checkpoint';
import { writeSafetensors } from '../checkpoint/write-safetensors';
import type { HostTensor, HostTensors } from '../engine/engine';
import { CheckpointError } from '../errors/checkpoint-error';
import { above, below } from './names';
import type { Optimizer } from './optimizer';

/** Everything that a run needs to go on exactly where it stopped; batches follow from the step. */
export interface TrainingState {
  /** Updates made so far. */
  readonly step: number;
  readonly params: HostTensors;
  readonly optimizer: HostTensors;
  /** Averaged parameters; absent where none are kept. */
  readonly averages?: HostTensors;
  /** What the step carries along without gradients; absent where there is nothing. */
  readonly buffers?: HostTensors;
}

/** The state out of tensors by their names in the file: `p/…`, `o/…`, `e/…`, `c/…`. */
export function stateFromTensors(step: number, tensors: HostTensors): TrainingState {
  const [averages, buffers] = [below(tensors, 'e/'), below(tensors, 'c/')];
  return {
    step,
    params: below(tensors, 'p/'),
    optimizer: below(tensors, 'o/'),
    ...(Object.keys(averages).length > 0 && { averages }),
    ...(Object.keys(buffers).length > 0 && { buffers }),
  };
}

/** The state before the first update. */
export function initialState(params: HostTensors, optimizer: Optimizer, averages = false): TrainingState {
  return { step: 0, params, optimizer: optimizer.init(params), ...(averages && { averages: params }) };
}

/** Writes the state as one safetensors file, never half written: `p/…`, `o/…`, `e/…`, `c/…`, and the step as metadata. */
export async function saveTrainingState(
  path: string,
  { step, params, optimizer, averages, buffers }: TrainingState,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const tensors = {
    ...above('p/', params),
    ...above('o/', optimizer),
    ...(averages && above('e/', averages)),
    ...(buffers && above('c/', buffers)),
  };
  const bytes = writeSafetensors(new Map(Object.entries(tensors)), { metadata: { ...metadata, step: String(step) } });
  await platform.writeFileAtomically(path, bytes);
}

/** Reads what {@link saveTrainingState} wrote. @throws {CheckpointError} The file is damaged or of another kind. */
export async function loadTrainingState(path: string): Promise<TrainingState> {
  const checkpoint = await openCheckpoint(path);
  try {
    const { step: recorded } = (checkpoint.metadata ?? {}) as { readonly step?: string };
    const step = Number(recorded ?? Number.NaN);
    if (!Number.isInteger(step) || step < 0)
      throw new CheckpointError('malformed', `${path}: expected metadata \`step\`, a whole number.`, { source: path });
    const tensors: Record<string, HostTensor> = {};
    for (const key of checkpoint.keys()) {
      const lazy = checkpoint.tensor(key);
      tensors[key] = { shape: lazy.shape, data: await lazy.read() };
    }
    return stateFromTensors(step, tensors);
  } finally {
    await checkpoint.close();
  }
}
