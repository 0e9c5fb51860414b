/** What a trainer is busy with. */
export type TrainingStage =
  | 'count-words'
  | 'merge-runs'
  | 'find-seeds'
  | 'count-pairs'
  | 'replay-merges'
  | 'merge'
  | 'estimate'
  | 'prune';

/** How far a trainer is. */
export interface TrainingProgress {
  readonly stage: TrainingStage;
  /** Texts, runs, words, merges or rounds, by stage. */
  readonly done: number;
  /** Of how many; undefined where nobody knows. */
  readonly total?: number;
}

export interface FinishOptions {
  /** Called with every step that the trainer reports. */
  readonly onProgress?: (progress: TrainingProgress) => void;
  /** Looked at between steps; `finishTraining` then throws its reason. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a trainer to its end.
 *
 * @returns What the trainer returns.
 * @throws The reason of the signal, where it was aborted.
 */
export function finishTraining<T>(trainer: Generator<TrainingProgress, T>, options: FinishOptions = {}): T {
  const { onProgress, signal } = options;
  for (;;) {
    signal?.throwIfAborted();
    const step = trainer.next();
    if (step.done) return step.value;
    onProgress?.(step.value);
  }
}

/** Milliseconds of work after which other work of the thread goes on. */
const longestTurn = 15;

/**
 * Runs a trainer to its end and lets other work of the thread go on between its steps.
 *
 * @throws The reason of the signal, where it was aborted.
 */
export async function finishTrainingAsync<T>(
  trainer: Generator<TrainingProgress, T>,
  options: FinishOptions = {},
): Promise<T> {
  const { onProgress, signal } = options;
  let turn = performance.now();
  for (;;) {
    signal?.throwIfAborted();
    const step = trainer.next();
    if (step.done) return step.value;
    onProgress?.(step.value);
    if (performance.now() - turn < longestTurn) continue;
    await otherWork();
    turn = performance.now();
  }
}

/** Lets other work of the thread go on. */
export const otherWork = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
