import { platform } from '#platform';
import type { RunOptions } from '../engine/run-options';
import { listCache, type CachedItem, type ListCacheOptions } from './cache-items';
import { hashOfPath } from './content-hash';
import { layout } from './layout';
import { readShortText } from './read-text';
import { hashOfName } from './remote-file';

export interface VerifyCacheOptions extends ListCacheOptions, RunOptions {
  /** Names of the items to verify; default: all. */
  readonly names?: readonly string[];
}

/** Something in the cache that is not as it should be. */
export interface CacheProblem {
  readonly item: string;
  readonly path: string;
  /**
   * `damaged`: the bytes are not those of the name. `missing`: a snapshot, or a branch, leads to nothing. `incomplete`:
   * a download has not ended. `unverifiable`: no hash is known.
   */
  readonly kind: 'damaged' | 'missing' | 'incomplete' | 'unverifiable';
  readonly detail: string;
}

/**
 * Reads every cached file and compares it with the hash that it is named by; follows every link and branch.
 *
 * @returns What is wrong, in order of name; empty where nothing is.
 */
export async function verifyCache(options: VerifyCacheOptions = {}): Promise<readonly CacheProblem[]> {
  const { names } = options;
  const items = (await listCache(options)).filter(({ name }) => names === undefined || names.includes(name));
  const total = items.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const problems: CacheProblem[] = [];
  for (const item of items) {
    const add = (path: string, kind: CacheProblem['kind'], detail: string) =>
      problems.push({ item: item.name, path, kind, detail });
    for (const { path, bytes } of item.blobs) {
      const report = (read: number) =>
        options.onProgress?.({ stage: 'read', completed: done + read, total, unit: 'bytes', label: item.name });
      await checkBlob(item, path, add, { signal: options.signal, onBytes: report });
      done += bytes;
    }
    for (const { path, bytes } of item.incomplete) add(path, 'incomplete', `${bytes} bytes have come`);
    await checkLinks(item, add);
  }
  return problems;
}

type Add = (path: string, kind: CacheProblem['kind'], detail: string) => void;

async function checkBlob(
  item: CachedItem,
  path: string,
  add: Add,
  options: { readonly signal: AbortSignal | undefined; readonly onBytes: (read: number) => void },
): Promise<void> {
  const noted = item.kind === 'address' ? await readShortText(`${path}.sha256`) : path.split(/[\\/]/).at(-1);
  const expected = hashOfName(noted ?? '');
  if (!expected) return add(path, 'unverifiable', 'no hash of it is known');
  const actual = await hashOfPath(path, expected.kind, options);
  if (actual !== expected.hex) add(path, 'damaged', `its hash is ${actual}, not ${expected.hex}`);
}

async function checkLinks({ folder, revisions, danglingRefs }: CachedItem, add: Add): Promise<void> {
  for (const { commit, files } of revisions) {
    for (const file of files) {
      const path = platform.joinPath(layout.snapshot(folder, commit), ...file.split('/'));
      if ((await platform.fileFacts(path)) === undefined) add(path, 'missing', 'leads to no file');
    }
  }
  for (const ref of danglingRefs) add(layout.ref(folder, ref), 'missing', 'the commit that it names is not here');
}
