import { platform } from '#platform';
import { PretrainedError } from '../errors/pretrained-error';
import type { CacheFiles } from '../platform/cache-files';
import { readShortText } from './read-text';
import { setLater } from './timing';

const pollMilliseconds = 100;
const heartbeatMilliseconds = 5000;
/** A lock without a heartbeat for so long has no owner any more, wherever that was. */
const abandonedMilliseconds = 60_000;

export interface Lock {
  release(): Promise<void>;
}

/** Locks that this process holds: a lock file with its number that is none of these was left by a namesake. */
const held = new Set<string>();

/**
 * Waits until no other process (or caller in this one) holds the lock. A killed owner's lock is taken over at once on
 * the same machine, and after a minute of silence from another.
 *
 * @param path - The lock file; made here, removed by `release`.
 * @throws {PretrainedError} `download`: the folder cannot be written.
 */
export async function takeLock(files: CacheFiles, path: string, source: string, signal?: AbortSignal): Promise<Lock> {
  const owner = JSON.stringify({ process: files.processId, host: files.hostName, id: crypto.randomUUID() });
  for (;;) {
    signal?.throwIfAborted();
    if (await make(files, path, owner, source)) return keep(files, path);
    if (await isAbandoned(files, path)) await removeAbandoned(files, path);
    else await setLater(pollMilliseconds, signal);
  }
}

async function make(files: CacheFiles, path: string, owner: string, source: string): Promise<boolean> {
  try {
    return await files.createExclusively(path, owner);
  } catch (cause) {
    throw unwritable(platform.folderOf(path), source, cause);
  }
}

/** A cache that this user may not write. */
export function unwritable(folder: string, source: string, cause: unknown): PretrainedError {
  const code = (cause as { readonly code?: string }).code ?? String(cause);
  return new PretrainedError(
    'download',
    source,
    `${source}: ${folder} cannot be written (${code}): choose another folder with HF_HUB_CACHE or cacheDirectory.`,
    { cause },
  );
}

function keep(files: CacheFiles, path: string): Lock {
  held.add(path);
  const heartbeat = setInterval(() => void files.touch(path).catch(() => undefined), heartbeatMilliseconds);
  (heartbeat as { unref?: () => void }).unref?.();
  return {
    async release() {
      clearInterval(heartbeat);
      held.delete(path);
      await platform.remove(path);
    },
  };
}

/** Whether somebody holds the lock now. */
export async function isHeld(files: CacheFiles, path: string): Promise<boolean> {
  return (await platform.fileFacts(path)) !== undefined && !(await isAbandoned(files, path));
}

async function isAbandoned(files: CacheFiles, path: string): Promise<boolean> {
  const facts = await platform.fileFacts(path);
  if (!facts) return false;
  if (Date.now() - facts.modifiedMilliseconds > abandonedMilliseconds) return true;
  const owner = await readOwner(path);
  if (owner?.host !== files.hostName) return false;
  return owner.process === files.processId ? !held.has(path) : !files.isProcessAlive(owner.process);
}

async function readOwner(path: string): Promise<{ readonly process: number; readonly host: string } | undefined> {
  try {
    return JSON.parse((await readShortText(path)) ?? '') as { process: number; host: string };
  } catch {
    // Being written, or gone meanwhile.
    return undefined;
  }
}

/** Of several that see an abandoned lock one removes it, after a second look: never one that was made meanwhile. */
async function removeAbandoned(files: CacheFiles, path: string): Promise<void> {
  const guard = `${path}.takeover`;
  if (!(await files.createExclusively(guard, ''))) {
    const facts = await platform.fileFacts(guard);
    if (facts && Date.now() - facts.modifiedMilliseconds > abandonedMilliseconds) await platform.remove(guard);
    return setLater(pollMilliseconds);
  }
  try {
    if (await isAbandoned(files, path)) await platform.remove(path);
  } finally {
    await platform.remove(guard);
  }
}
