/** Resolves after a time, or rejects at once when aborted. */
export function setLater(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const stop = () => {
      clearTimeout(timer);
      reject(signal!.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** A signal that aborts when the given one does, or when nothing was heard for a time. */
export interface Watch {
  readonly signal: AbortSignal;
  /** Whether silence aborted it. */
  readonly expired: boolean;
  /** Something was heard. */
  heard(): void;
  stop(): void;
}

export function watchSilence(milliseconds: number, signal?: AbortSignal): Watch {
  const controller = new AbortController();
  let expired = false;
  const expire = () => {
    expired = true;
    controller.abort(new Error(`nothing came for ${milliseconds} ms`));
  };
  let timer = setTimeout(expire, milliseconds);
  const forward = () => controller.abort(signal!.reason);
  if (signal?.aborted) forward();
  signal?.addEventListener('abort', forward, { once: true });
  return {
    signal: controller.signal,
    get expired() {
      return expired;
    },
    heard() {
      clearTimeout(timer);
      timer = setTimeout(expire, milliseconds);
    },
    stop() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', forward);
    },
  };
}
