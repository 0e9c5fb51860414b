import type { ProgressEvent } from '@tesserae/core';
import type { AudioSignal } from '@tesserae/core/data';
import type { EncodedMessage } from '../memo/message';
import type { PageMessage, WorkerMessage } from './protocol';

/** The worker as the page sees it. */
export interface MemoClient {
  /** Name of the engine. @throws {Error} The model cannot be opened. */
  readonly opened: Promise<string>;
  /** @throws {Error} What the worker says. */
  encode(message: AudioSignal, most: number, onProgress: (event: ProgressEvent) => void): Promise<EncodedMessage>;
  /** @throws {Error} What the worker says. */
  decode(memo: string): Promise<AudioSignal>;
}

interface Waiting {
  readonly resolve: (message: WorkerMessage) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress?: (event: ProgressEvent) => void;
}

export function createMemoClient(worker: Worker): MemoClient {
  const waiting = new Map<number, Waiting>();
  let last = 0;
  let fail: (reason: string) => void = () => {};
  const opened = new Promise<string>((resolve, reject) => {
    fail = (reason) => {
      reject(new Error(reason));
      for (const { reject: rejectRequest } of waiting.values()) rejectRequest(new Error(reason));
      waiting.clear();
    };
    worker.addEventListener('message', ({ data }: MessageEvent<WorkerMessage>) => {
      if (data.type === 'opened') return resolve(data.engine);
      if (data.type === 'refused') return fail(data.reason);
      const asked = waiting.get(data.request);
      if (data.type === 'progress') return asked?.onProgress?.(data.event);
      waiting.delete(data.request);
      if (data.type === 'failed') asked?.reject(new Error(data.reason));
      else asked?.resolve(data);
    });
  });
  worker.addEventListener('error', ({ message }) =>
    fail(message || 'The part of the page that encodes could not start.'),
  );
  const ask = (message: PageMessage, onProgress?: (event: ProgressEvent) => void) =>
    new Promise<WorkerMessage>((resolve, reject) => {
      waiting.set(message.request, { resolve, reject, ...(onProgress && { onProgress }) });
      worker.postMessage(message);
    });
  return {
    opened,
    async encode(message, most, onProgress) {
      last += 1;
      const answer = await ask({ type: 'encode', request: last, message, most }, onProgress);
      return (answer as Extract<WorkerMessage, { type: 'encoded' }>).encoded;
    },
    async decode(memo) {
      last += 1;
      const answer = await ask({ type: 'decode', request: last, memo });
      return (answer as Extract<WorkerMessage, { type: 'decoded' }>).sound;
    },
  };
}
