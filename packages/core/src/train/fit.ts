import type { Engine, EngineName, HostTensor, HostTensors, ModelFunction } from '../engine/engine';
import type { RunOptions } from '../engine/run-options';
import { leaseEngine } from '../engine/shared-engine';
import { above, below } from './names';
import { stateFromTensors, type TrainingState } from './training-state';

export interface TrainModelOptions extends RunOptions {
  /** Default `auto`, which is the compiled engine where it runs. */
  readonly engine?: EngineName | 'auto' | Engine;
  /** Updates after which to stop, counted from the very first one. */
  readonly steps: number;
  /** Learning rate of an update; the argument is the number of updates before it. */
  readonly rate: (step: number) => number;
}

/** What stands after one update. */
export interface TrainingProgress {
  /** Updates made so far. */
  readonly step: number;
  readonly losses: Readonly<Record<string, number>>;
  readonly rate: number;
  /** Seconds that the update took, without the time that the consumer took. */
  readonly seconds: number;
  /** Valid until the next update is asked for: its arrays go into it. */
  readonly state: TrainingState;
}

/**
 * Trains: yields after every update, and stops when the consumer stops, after `steps`, or on abort (by throwing the
 * signal's reason; the state of the last report is complete).
 *
 * @param step - From `trainingStep`.
 * @param batchOf - Inputs of the batch of an update. A pure function of the number of updates before it, so that a
 *   resumed run sees the same batches.
 * @param start - Handed over: its arrays may be empty afterwards.
 * @throws {EngineError}
 */
export async function* trainModel(
  step: ModelFunction<undefined>,
  batchOf: (step: number) => HostTensors | Promise<HostTensors>,
  start: TrainingState,
  options: TrainModelOptions,
): AsyncGenerator<TrainingProgress> {
  const { engine: wanted, steps, rate: rateOf, signal, onProgress } = options;
  const lease = await leaseEngine(wanted);
  try {
    const executable = await lease.engine.load(step, undefined as never, {
      name: 'training step',
      consumesInputs: true,
    });
    try {
      let state = start;
      let next = state.step < steps ? batchOf(state.step) : undefined;
      while (state.step < steps) {
        signal?.throwIfAborted();
        const began = performance.now();
        const rate = rateOf(state.step);
        const inputs = { ...inputsOf(state), ...above('b/', await next!), rate: scalar(rate) };
        const running = executable.run(inputs, { ...(signal && { signal }) });
        // The next batch is made while the engine computes. A failure is seen when it is awaited.
        next = state.step + 1 < steps ? Promise.resolve(batchOf(state.step + 1)) : undefined;
        next?.catch(() => undefined);
        const outputs = await running;
        state = stateOf(outputs, state.step + 1);
        const losses = Object.fromEntries(
          Object.entries(below(outputs, 'l/')).map(([name, { data }]) => [name, data[0]!]),
        );
        onProgress?.({ stage: 'train', completed: state.step, total: steps, unit: 'steps', label: 'training' });
        yield { step: state.step, losses, rate, seconds: (performance.now() - began) / 1000, state };
      }
    } finally {
      await executable.dispose();
    }
  } finally {
    await lease.release();
  }
}

function inputsOf({ step, params, optimizer, averages, buffers }: TrainingState): HostTensors {
  return {
    ...above('p/', params),
    ...above('o/', optimizer),
    ...(averages && above('e/', averages)),
    ...(buffers && above('c/', buffers)),
    step: scalar(step + 1),
  };
}

function stateOf(outputs: HostTensors, step: number): TrainingState {
  return stateFromTensors(step, outputs);
}

function scalar(value: number): HostTensor {
  return { shape: [], data: Float32Array.of(value) };
}
