import type { BrowserStorage } from '../src/platform/web-blob-store';

/** Files of a browser in memory: what is written to one is seen when its stream is closed. */
export interface FakeBrowser extends BrowserStorage {
  /** Names that are kept, as they are on the disk. */
  readonly kept: Map<string, Blob>;
}

export interface FakeBrowserOptions {
  /** Bytes that the site may keep. */
  readonly quota?: number;
  readonly withoutDirectory?: boolean;
  /** Safari before version 26. */
  readonly withoutWritable?: boolean;
  readonly withoutCaches?: boolean;
}

/** A browser with a private file system and the Cache API, as far as they are wanted. */
export function fakeBrowser(options: FakeBrowserOptions = {}): FakeBrowser {
  const kept = new Map<string, Blob>();
  const { quota = Infinity } = options;
  const usage = () => [...kept.values()].reduce((sum, { size }) => sum + size, 0);
  const write = (name: string, blob: Blob) => {
    if (usage() + blob.size > quota) throw new DOMException('no room', 'QuotaExceededError');
    kept.set(name, blob);
  };
  const fileHandle = (name: string) => ({
    getFile: async () => kept.get(name),
    ...(!options.withoutWritable && {
      async createWritable() {
        let written = new Blob();
        return {
          write: async (blob: Blob) => void (written = blob),
          close: async () => write(name, written),
        };
      },
    }),
  });
  const directory = {
    getDirectoryHandle: async () => directory,
    async getFileHandle(name: string, { create = false } = {}) {
      if (!create && !kept.has(name)) throw new DOMException(name, 'NotFoundError');
      if (/[/\\]/.test(name)) throw new TypeError(`not a file name: ${name}`);
      return fileHandle(name);
    },
    async removeEntry(name: string) {
      if (!kept.delete(name)) throw new DOMException(name, 'NotFoundError');
    },
    async *keys() {
      yield* kept.keys();
    },
  };
  const cache = {
    match: async (key: string) => (kept.has(key) ? new Response(kept.get(key)) : undefined),
    put: async (key: string, response: Response) => write(key, await response.blob()),
    delete: async (key: string) => kept.delete(key),
    keys: async () => [...kept.keys()].map((url) => ({ url })),
  };
  const storage = {
    estimate: async () => ({ ...(quota < Infinity && { quota }), usage: usage() }),
    ...(!options.withoutDirectory && { getDirectory: async () => directory }),
  };
  let last: Promise<unknown> = Promise.resolve();
  const locks = {
    request: (_: string, run: () => Promise<unknown>) => (last = last.then(run, run)),
  };
  return {
    kept,
    navigator: { storage, locks },
    ...(!options.withoutCaches && { caches: { open: async () => cache } }),
  } as unknown as FakeBrowser;
}
