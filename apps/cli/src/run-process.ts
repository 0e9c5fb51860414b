import { constants } from 'node:os';
import { setImmediate as immediately, setTimeout as delay } from 'node:timers/promises';
import { removePartialFiles } from './io/partial-files';
import { describeError } from './output/describe-error';

/** How long a command may take to stop by itself; a model that is running cannot be stopped sooner. */
const patienceMilliseconds = 1000;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a command line as this process: its exit code, closed pipes, and signals, after which nothing half written is left.
 *
 * @param run - Takes what follows the script and a signal that Ctrl-C aborts; resolves to the exit code.
 */
export async function runProcess(
  run: (given: readonly string[], signal: AbortSignal) => Promise<number>,
): Promise<void> {
  const controller = new AbortController();
  const interrupted = new Promise<(typeof signals)[number]>((resolve) => {
    for (const signal of signals) {
      process.once(signal, () => {
        controller.abort(new Error(`interrupted by ${signal}`));
        resolve(signal);
      });
    }
  });

  // A closed pipe (`| head`) ends the command quietly; anything else is said at the end, once.
  let lost: NodeJS.ErrnoException | undefined;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') lost ??= error;
    });
  }

  const finished = run(process.argv.slice(2), controller.signal);
  const outcome = await Promise.race([finished, interrupted]);
  if (typeof outcome === 'number' && !controller.signal.aborted) {
    // A failed write is reported a turn later.
    await immediately();
    if (lost && outcome === 0)
      process.stderr.write(`error: ${describeError(Object.assign(lost, { path: 'standard output' }))}\n`);
    process.exitCode = lost && outcome === 0 ? 1 : outcome;
  } else {
    const signal = await interrupted;
    await Promise.race([finished, delay(patienceMilliseconds)]);
    removePartialFiles();
    for (const name of signals) process.removeAllListeners(name);
    process.exitCode = 128 + constants.signals[signal];
    process.kill(process.pid, signal);
  }
}
