import type * as WorkerThreads from 'node:worker_threads';
import type { WorkerReply, WorkerRequest, WorkerSetup } from './protocol';

/** The far end of a session worker, in Node and in browsers. */
export interface WorkerPort {
  post(request: WorkerRequest, transfer: readonly ArrayBuffer[]): void;
  /** Whether the worker keeps the process alive; an idle one does not. */
  hold(busy: boolean): void;
}

export interface WorkerEvents {
  readonly onReply: (reply: WorkerReply) => void;
  /** The worker ended without being told, or could not start. */
  readonly onDeath: (reason: string) => void;
}

/** Starts a worker. Ended by a `close` request only: terminating it during a run aborts the process. */
export function startWorker(setup: WorkerSetup, events: WorkerEvents): WorkerPort {
  const threads = globalThis.process?.getBuiltinModule?.('node:worker_threads');
  return threads ? startNodeWorker(threads, setup, events) : startWebWorker(events);
}

function startNodeWorker(
  { Worker }: typeof WorkerThreads,
  setup: WorkerSetup,
  { onReply, onDeath }: WorkerEvents,
): WorkerPort {
  // An own execArgv: loaders and inspectors of the main thread have no business here.
  const worker = new Worker(new URL('./session-worker.js', import.meta.url), { workerData: setup, execArgv: [] });
  worker.on('message', onReply);
  worker.on('error', (error) => onDeath(error instanceof Error ? error.message : String(error)));
  worker.on('exit', (code) => onDeath(`the session worker ended with code ${code}`));
  worker.unref();
  return {
    post: (request, transfer) => worker.postMessage(request, [...transfer]),
    hold: (busy) => (busy ? worker.ref() : worker.unref()),
  };
}

function startWebWorker({ onReply, onDeath }: WorkerEvents): WorkerPort {
  const worker = new Worker(new URL('./session-worker.js', import.meta.url), { type: 'module' });
  worker.addEventListener('message', (event: MessageEvent<WorkerReply>) => onReply(event.data));
  worker.addEventListener('error', (event) => onDeath(event.message));
  return {
    post: (request, transfer) => worker.postMessage(request, [...transfer]),
    hold: () => {},
  };
}
