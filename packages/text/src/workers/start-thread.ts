import type * as WorkerThreads from 'node:worker_threads';
import type { StartThread, ThreadReply } from './protocol';

/** Node's threads where there are any, else those of the browser. */
export const startThread: StartThread = (events) => {
  const threads = globalThis.process?.getBuiltinModule?.('node:worker_threads');
  return threads ? nodeThread(threads)(events) : startWebThread(events);
};

/** The processors of the machine. */
export const processorCount = (): number =>
  globalThis.process?.getBuiltinModule?.('node:os').availableParallelism() ??
  globalThis.navigator?.hardwareConcurrency ??
  1;

/** @param program - Beside this file when it is built; another one for tests. */
export const nodeThread =
  (
    { Worker }: typeof WorkerThreads,
    program: URL = new URL('./text-thread.js', import.meta.url),
    execArgv: readonly string[] = [],
  ): StartThread =>
  ({ onReply, onDeath }) => {
    const worker = new Worker(program, { execArgv: [...execArgv] });
    worker.on('message', onReply);
    worker.on('error', (error) => onDeath(error instanceof Error ? error.message : String(error)));
    worker.on('exit', (code) => onDeath(`the thread ended with code ${code}`));
    worker.unref();
    return {
      post: (request, transfer) => worker.postMessage(request, [...transfer]),
      hold: (isBusy) => (isBusy ? worker.ref() : worker.unref()),
      stop: () => void worker.terminate(),
    };
  };

const startWebThread: StartThread = ({ onReply, onDeath }) => {
  const worker = new Worker(new URL('./text-thread.js', import.meta.url), { type: 'module' });
  worker.addEventListener('message', (event: MessageEvent<ThreadReply>) => onReply(event.data));
  worker.addEventListener('error', (event) => onDeath(event.message));
  return {
    post: (request, transfer) => worker.postMessage(request, [...transfer]),
    hold: () => {},
    stop: () => worker.terminate(),
  };
};
