import type { BlobStore } from './blob-store';

/** The parts of a browser that can keep files; each may be missing. */
export interface BrowserStorage {
  readonly navigator?: {
    readonly storage?: {
      getDirectory?(): Promise<FileSystemDirectoryHandle>;
      estimate?(): Promise<StorageEstimate>;
    };
    readonly locks?: Pick<LockManager, 'request'>;
  };
  readonly caches?: Pick<CacheStorage, 'open'>;
}

const folder = 'tesserae';
const keyPrefix = 'https://tesserae.invalid/';

/**
 * Where this browser keeps files: its private file system (OPFS), the Cache API where that cannot be written or is
 * absent, and the memory of the page as the last resort.
 */
export async function openBlobStore(browser: BrowserStorage): Promise<BlobStore> {
  const pieces = (await directoryPieces(browser)) ?? (await cachePieces(browser)) ?? memoryPieces();
  const { storage, locks } = browser.navigator ?? {};
  return {
    ...pieces,
    async freeBytes() {
      const { quota, usage } = (await storage?.estimate?.().catch(() => undefined)) ?? {};
      return quota === undefined || usage === undefined ? undefined : quota - usage;
    },
    exclusively: async (name, run) => (locks ? locks.request(`tesserae ${name}`, run) : run()),
  };
}

type Pieces = Pick<BlobStore, 'get' | 'put' | 'remove' | 'names'>;

/** Undefined where there is no private file system, or none that a page can write (older Safari). */
async function directoryPieces({ navigator }: BrowserStorage): Promise<Pieces | undefined> {
  try {
    const root = await navigator?.storage?.getDirectory?.();
    const directory = await root?.getDirectoryHandle(folder, { create: true });
    if (!directory) return undefined;
    const probe = await directory.getFileHandle('probe', { create: true });
    if (typeof probe.createWritable !== 'function') return undefined;
    return {
      async get(name) {
        try {
          return await (await directory.getFileHandle(encodeURIComponent(name))).getFile();
        } catch {
          return undefined;
        }
      },
      async put(name, blob) {
        const handle = await directory.getFileHandle(encodeURIComponent(name), { create: true });
        // Nothing of it is visible before `close`.
        const writable = await handle.createWritable();
        await writable.write(blob);
        await writable.close();
      },
      remove: (name) => directory.removeEntry(encodeURIComponent(name)).catch(() => undefined),
      async names() {
        const names: string[] = [];
        for await (const name of directory.keys()) if (name !== 'probe') names.push(decodeURIComponent(name));
        return names.sort();
      },
    };
  } catch {
    return undefined;
  }
}

/** Undefined where there is no Cache API: pages without https. */
async function cachePieces({ caches }: BrowserStorage): Promise<Pieces | undefined> {
  try {
    const cache = await caches?.open(folder);
    if (!cache) return undefined;
    const key = (name: string) => `${keyPrefix}${encodeURIComponent(name)}`;
    return {
      get: async (name) => (await cache.match(key(name)))?.blob(),
      put: (name, blob) => cache.put(key(name), new Response(blob)),
      remove: async (name) => void (await cache.delete(key(name))),
      async names() {
        const requests = await cache.keys();
        return requests.map(({ url }) => decodeURIComponent(url.slice(keyPrefix.length))).sort();
      },
    };
  } catch {
    return undefined;
  }
}

function memoryPieces(): Pieces {
  const blobs = new Map<string, Blob>();
  return {
    get: async (name) => blobs.get(name),
    put: async (name, blob) => void blobs.set(name, blob),
    remove: async (name) => void blobs.delete(name),
    names: async () => [...blobs.keys()].sort(),
  };
}
