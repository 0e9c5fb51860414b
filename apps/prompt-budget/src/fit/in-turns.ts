/** How long other work of the thread waits at most, where a step does not take longer by itself. */
const turnMilliseconds = 8;

/** Runs steps to their end with room for other work of the thread between them. @throws The reason of the signal. */
export async function inTurns<T>(steps: Generator<void, T>, signal?: AbortSignal): Promise<T> {
  let begun = performance.now();
  for (;;) {
    signal?.throwIfAborted();
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() - begun < turnMilliseconds) continue;
    await new Promise((resolve) => {
      setTimeout(resolve, 0);
    });
    begun = performance.now();
  }
}
