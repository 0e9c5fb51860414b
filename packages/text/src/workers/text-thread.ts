// The program of a thread, in Node and in browsers.
import type { ThreadReply, ThreadRequest } from './protocol';
import { createThreadWork } from './thread-work';

/** What a dedicated worker of a browser has. */
interface WorkerScope {
  postMessage(message: unknown, options: { readonly transfer: ArrayBuffer[] }): void;
  addEventListener(type: 'message', listener: (event: { readonly data: ThreadRequest }) => void): void;
}

const port = globalThis.process?.getBuiltinModule?.('node:worker_threads').parentPort ?? undefined;
const scope = globalThis as unknown as WorkerScope;

const post = (reply: ThreadReply, transfer: readonly ArrayBuffer[]): void => {
  if (port) port.postMessage(reply, [...transfer]);
  else scope.postMessage(reply, { transfer: [...transfer] });
};

const work = createThreadWork(post);
if (port) port.on('message', work);
else scope.addEventListener('message', ({ data }) => work(data));
