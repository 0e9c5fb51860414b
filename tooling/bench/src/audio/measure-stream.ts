import { dirname } from 'node:path';
import { type Direction, directions } from '../direction';
import { statisticOf } from '../statistics';
import { startWorker } from '../worker-client';
import type { AudioEngine } from './arguments';
import { workerProgram } from './measure-rows';
import type { BenchmarkModel } from './models';
import type { Request } from './protocol';
import type { StreamRow } from './results';

export interface StreamOrder {
  readonly model: BenchmarkModel;
  readonly engine: AudioEngine;
  readonly threads: number;
  /** Weights. */
  readonly file: string;
}

/** Windows of a stream that is measured. */
const windows = 12;

/** Steps of streams of the sizes that the model names, after a stream that only compiles. */
export async function measureStreams({ model, engine, threads, file }: StreamOrder): Promise<readonly StreamRow[]> {
  const worker = startWorker<Request>(workerProgram, threads);
  try {
    await worker.ask({ kind: 'open', model: model.name, folder: dirname(file), engine, threads, prepack: true });
    const rows: StreamRow[] = [];
    for (const direction of directions) {
      for (const windowSeconds of model.streamSeconds ?? []) {
        const seconds = windows * Math.max(windowSeconds, shortestWindow);
        const request = { kind: 'stream', direction, seconds, windowSeconds } as const;
        await worker.ask(request);
        const { steps = [] } = await worker.ask(request);
        rows.push(streamRow(model, direction, steps));
      }
    }
    return rows;
  } finally {
    await worker.close();
  }
}

/** Windows have sixteen frames at least, whatever they are asked for. */
const shortestWindow = 1.5;

function streamRow(
  { name }: BenchmarkModel,
  direction: Direction,
  steps: readonly { readonly milliseconds: number; readonly seconds: number }[],
): StreamRow {
  return {
    model: name,
    direction,
    stepSeconds: statisticOf(steps.map(({ seconds }) => seconds)).median,
    step: statisticOf(steps.map(({ milliseconds }) => milliseconds)),
    share: statisticOf(steps.map(({ milliseconds, seconds }) => milliseconds / (1000 * seconds))),
  };
}
