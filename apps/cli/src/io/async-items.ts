/** Everything that comes, in a list. */
export async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** The first of what comes, and all of it, the first one included; undefined where nothing comes. */
export async function withFirst<T>(
  items: AsyncIterable<T>,
): Promise<{ readonly first: T; readonly all: AsyncGenerator<T> } | undefined> {
  const iterator = items[Symbol.asyncIterator]();
  const next = await iterator.next();
  if (next.done) return undefined;
  const first = next.value;
  async function* all() {
    try {
      yield first;
      for (;;) {
        const after = await iterator.next();
        if (after.done) return;
        yield after.value;
      }
    } finally {
      await iterator.return?.();
    }
  }
  return { first, all: all() };
}
