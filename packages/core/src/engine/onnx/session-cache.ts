/** Something compiled that takes memory. */
export interface CachedSession {
  /** Estimate of the memory that it holds. */
  readonly bytes: number;
  release(): Promise<void>;
}

/** Compiled sessions by signature, the least recently used out first, within a byte budget. */
export interface SessionCache<T extends CachedSession> {
  /** The entry of that key, made at most once at a time. A failure is not kept. */
  get(key: string, make: () => Promise<T>): Promise<T>;
  /** Releases the entries whose key starts so; waits for those that are being made, and for evictions. */
  drop(prefix: string): Promise<void>;
  /** Estimated bytes of all finished entries. */
  bytes(): number;
  size(): number;
}

/** The entry used last is kept even where it alone is above the budget. */
export function createSessionCache<T extends CachedSession>(budgetBytes: number): SessionCache<T> {
  // A Map keeps the order of insertion: a hit is inserted anew.
  const entries = new Map<string, { readonly made: Promise<T>; bytes: number }>();

  const leaving = new Set<Promise<void>>();

  const total = () => [...entries.values()].reduce((sum, { bytes }) => sum + bytes, 0);

  function evict(): void {
    for (const [key, { made, bytes }] of entries) {
      if (entries.size <= 1 || total() <= budgetBytes) return;
      // Entries that are still being made have no size yet.
      if (bytes === 0) continue;
      entries.delete(key);
      const left = made.then((session) => session.release()).catch(() => undefined);
      leaving.add(left);
      void left.then(() => leaving.delete(left));
    }
  }

  return {
    get(key, make) {
      const found = entries.get(key);
      if (found) {
        entries.delete(key);
        entries.set(key, found);
        return found.made;
      }
      const entry = { made: make(), bytes: 0 };
      entries.set(key, entry);
      entry.made.then(
        (session) => {
          entry.bytes = Math.max(1, session.bytes);
          evict();
        },
        () => {
          if (entries.get(key) === entry) entries.delete(key);
        },
      );
      return entry.made;
    },
    async drop(prefix) {
      const dropped = [...entries].filter(([key]) => key.startsWith(prefix));
      dropped.forEach(([key]) => entries.delete(key));
      const release = async (made: Promise<T>) => {
        const session = await made.catch(() => undefined);
        await session?.release();
      };
      await Promise.all([...dropped.map(([, { made }]) => release(made)), ...leaving]);
    },
    bytes: total,
    size: () => entries.size,
  };
}
