import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { caseId, type CaseLocation, type CaseResult } from '@tesserae/core/test';
import type { EngineChoice } from './arguments';

/** From parent to child. */
export interface CaseOrder {
  readonly index: number;
  readonly location: CaseLocation;
  readonly engine: EngineChoice;
}

/** From child to parent: ready for the next case, with the outcome of the last one. */
export interface CaseAnswer {
  readonly index?: number;
  readonly result?: CaseResult;
}

export interface WorkerPoolOptions {
  readonly jobs: number;
  readonly engine: EngineChoice;
  /** Script of the children; default: the one that runs cases. */
  readonly worker?: URL;
}

/**
 * Runs cases in `jobs` child processes, each taking the next case when it is done with one. A child that dies fails
 * the case that it was running; another one takes its place.
 *
 * @param onResult - Called in the order in which cases finish.
 */
export async function runInChildren(
  cases: readonly CaseLocation[],
  { jobs, engine, worker = new URL('./worker.ts', import.meta.url) }: WorkerPoolOptions,
  onResult: (index: number, result: CaseResult) => void,
): Promise<void> {
  let next = 0;
  const children = new Set<ChildProcess>();
  const stopAll = () => {
    for (const child of children) child.kill();
  };
  process.once('exit', stopAll);

  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      // tsx is in the arguments of this process; the child needs it as well.
      const child = fork(fileURLToPath(worker), [], { execArgv: process.execArgv });
      children.add(child);
      let running: number | undefined;
      child.on('message', ({ index, result }: CaseAnswer) => {
        if (index !== undefined && result) onResult(index, result);
        running = next < cases.length ? next++ : undefined;
        if (running === undefined) child.disconnect();
        else child.send({ index: running, location: cases[running]!, engine } satisfies CaseOrder);
      });
      child.on('error', reject);
      child.on('exit', (code, signal) => {
        children.delete(child);
        if (running === undefined) {
          // Never ready at all: another try would end the same way.
          if (code !== 0 && next === 0) reject(new Error(`the worker process ended at its start (${signal ?? code})`));
          else resolve();
          return;
        }
        onResult(running, crashed(cases[running]!, signal ?? `exit code ${code}`));
        resolve(next < cases.length ? work() : undefined);
      });
    });

  try {
    await Promise.all(Array.from({ length: Math.min(jobs, cases.length) }, work));
  } finally {
    stopAll();
    process.removeListener('exit', stopAll);
  }
}

function crashed(location: CaseLocation, how: string): CaseResult {
  return {
    status: 'FAIL',
    id: caseId(location),
    tensors: 0,
    checks: 0,
    worst: 0,
    seconds: 0,
    message: `the process that ran it ended (${how})`,
  };
}
