import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answer, Sample } from './worker-loop';

/** A process with one of our models, which takes requests of some kinds. */
export interface WorkerClient<Request extends { readonly kind: string }> {
  ask(request: Request): Promise<Exclude<Answer, { readonly error: string }>>;
  sample(request: Request): Promise<Sample>;
  /** Ends the process, whatever it does. */
  close(): Promise<void>;
}

/** Wasm that runs out of memory may hang instead of failing. */
const limitMilliseconds = 15 * 60_000;

/** @param program - File that calls `serveRequests`. */
export function startWorker<Request extends { readonly kind: string }>(
  program: URL,
  threads: number,
): WorkerClient<Request> {
  const child = fork(fileURLToPath(program), [], {
    // tsx is in the arguments of this process; the child needs it as well.
    execArgv: process.execArgv,
    env: { ...process.env, TESSERAE_THREADS: String(threads) },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let errors = '';
  child.stderr?.on('data', (text: Buffer) => {
    errors = `${errors}${text.toString()}`.slice(-2000);
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));

  function ask(request: Request): Promise<Exclude<Answer, { readonly error: string }>> {
    return new Promise((resolve, reject) => {
      const done = (act: () => void) => {
        clearTimeout(timer);
        child.off('message', onMessage);
        child.off('exit', onExit);
        act();
      };
      const onMessage = (answer: Answer) =>
        done(() => ('error' in answer ? reject(new Error(answer.error)) : resolve(answer)));
      const onExit = (code: number | null, signal: string | null) =>
        done(() => reject(new Error(`the process ended (${signal ?? `exit code ${code}`}): ${lastLine(errors)}`)));
      const timer = setTimeout(
        () => done(() => reject(new Error(`no answer in ${limitMilliseconds / 60_000} minutes`))),
        limitMilliseconds,
      );
      child.on('message', onMessage);
      child.on('exit', onExit);
      if (child.exitCode === null && child.connected) child.send(request);
      else onExit(child.exitCode, child.signalCode);
    });
  }

  return {
    ask,
    async sample(request) {
      const { sample } = await ask(request);
      if (!sample) throw new Error(`${request.kind} gave no measurement`);
      return sample;
    },
    async close() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
