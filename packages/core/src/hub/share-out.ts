/**
 * Does all items, several at a time and in order. The first failure aborts the others and is thrown when they have
 * stopped; an abort from outside does the same.
 *
 * @param work - Gets a signal that aborts with the first failure.
 */
export async function shareOut<Item>(
  items: Iterable<Item>,
  workers: number,
  signal: AbortSignal | undefined,
  work: (item: Item, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const controller = new AbortController();
  const forward = () => controller.abort(signal!.reason);
  if (signal?.aborted) forward();
  signal?.addEventListener('abort', forward, { once: true });
  const waiting = items[Symbol.iterator]();
  const failures: unknown[] = [];
  const worker = async () => {
    try {
      for (let next = waiting.next(); !next.done; next = waiting.next()) {
        controller.signal.throwIfAborted();
        await work(next.value, controller.signal);
      }
    } catch (error) {
      failures.push(error);
      controller.abort(error);
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
  signal?.removeEventListener('abort', forward);
  if (failures.length > 0) throw failures[0];
}
