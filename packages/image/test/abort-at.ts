/** A signal that is aborted at the n-th time that someone asks. */
export function abortAt(check: number, reason: Error): { readonly signal: AbortSignal; readonly asked: () => number } {
  const controller = new AbortController();
  const { signal } = controller;
  let asked = 0;
  Object.defineProperty(signal, 'throwIfAborted', {
    value() {
      asked += 1;
      if (asked === check) controller.abort(reason);
      AbortSignal.prototype.throwIfAborted.call(signal);
    },
  });
  return { signal, asked: () => asked };
}

/**
 * Runs `action` with a signal that is aborted at its first check, at its second, … (in growing steps after the eighth)
 * until one comes through.
 *
 * @returns How often it was aborted. Every time it must have failed with the reason of the abort.
 */
export async function abortEverywhere(
  action: (signal: AbortSignal) => Promise<unknown>,
  onAborted: () => void,
): Promise<number> {
  let aborted = 0;
  for (let check = 1; ; check = check < 8 ? check + 1 : Math.ceil(check * 1.4)) {
    const reason = new Error(`aborted at check ${check}`);
    const { signal, asked } = abortAt(check, reason);
    const outcome = await action(signal).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (outcome === undefined && asked() < check) return aborted;
    if (outcome !== reason) throw new Error(`check ${check}: expected its reason`, { cause: outcome });
    aborted += 1;
    onAborted();
  }
}
