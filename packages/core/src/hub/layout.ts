import { platform } from '#platform';
import { hubCacheFolder } from './cache-folder';
import { isCommit, isSafePath } from './names';
import { readShortText } from './read-text';

/** Where things lie in the Hugging Face cache, as its documentation lays it out. */
export const layout = {
  repository: (cache: string, repository: string): string =>
    platform.joinPath(cache, `models--${repository.replaceAll('/', '--')}`),
  ref: (folder: string, revision: string): string => platform.joinPath(folder, 'refs', ...revision.split('/')),
  snapshot: (folder: string, commit: string): string => platform.joinPath(folder, 'snapshots', commit),
  blob: (folder: string, blob: string): string => platform.joinPath(folder, 'blobs', blob),
  absent: (folder: string, commit: string, file: string): string =>
    platform.joinPath(folder, '.no_exist', commit, ...file.split('/')),
  /** Beside the locks of Python, under another name: those are held through the system and stay as empty files. */
  lock: (cache: string, repository: string, blob: string): string =>
    platform.joinPath(cache, '.locks', `models--${repository.replaceAll('/', '--')}`, `${blob}.tesserae`),
};

export interface CachedRepository {
  readonly repository: string;
  /** Branch, tag or commit. Default `main`. */
  readonly revision?: string;
}

/**
 * Commit that a revision had when it was last asked for; the revision itself where it is one, or the start of exactly
 * one that is here.
 */
async function cachedCommit(folder: string, revision: string): Promise<string | undefined> {
  const named = isCommit(revision) ? revision : await readRef(layout.ref(folder, revision));
  if (named !== undefined) return named;
  const commits = (await platform.cacheFiles?.names(platform.joinPath(folder, 'snapshots'))) ?? [];
  if (commits.includes(revision)) return revision;
  const longer = /^[0-9a-f]{7,39}$/.test(revision) ? commits.filter((commit) => commit.startsWith(revision)) : [];
  return longer.length === 1 ? longer[0] : undefined;
}

/** Folder of a downloaded snapshot, found without network: `refs/<revision>` names the commit. Undefined when absent. */
export async function findSnapshot(
  { repository, revision = 'main' }: CachedRepository,
  cache = hubCacheFolder(),
): Promise<string | undefined> {
  if (cache === undefined || !isSafePath(revision)) return undefined;
  const folder = layout.repository(cache, repository);
  const commit = await cachedCommit(folder, revision);
  if (commit === undefined) return undefined;
  const snapshot = layout.snapshot(folder, commit);
  return (await platform.fileFacts(snapshot))?.kind === 'folder' ? snapshot : undefined;
}

async function readRef(path: string): Promise<string | undefined> {
  const commit = await readShortText(path);
  return commit !== undefined && /^[0-9a-f]{7,64}$/.test(commit) ? commit : undefined;
}

/** Remembers which commit a branch or tag is. */
export async function writeRef(cache: string, repository: string, revision: string, commit: string): Promise<void> {
  if (revision === commit || !isSafePath(revision)) return;
  const path = layout.ref(layout.repository(cache, repository), revision);
  if ((await readRef(path)) === commit) return;
  await platform.writeFileAtomically(path, new TextEncoder().encode(commit));
}

interface RepositoryEntry {
  readonly repository: string;
  readonly commit: string;
  readonly file: string;
}

/** Remembers that a commit has no such file, so that nobody asks again. A cache that cannot be written is no failure. */
export async function markAbsent(
  cache: string | undefined,
  { repository, commit, file }: RepositoryEntry,
): Promise<void> {
  const { cacheFiles } = platform;
  if (cache === undefined || !cacheFiles || !isSafePath(file)) return;
  const path = layout.absent(layout.repository(cache, repository), commit, file);
  await cacheFiles.createExclusively(path, '').catch(() => undefined);
}

/** Whether a commit is known to have no such file. */
export async function isMarkedAbsent(cache: string, { repository, commit, file }: RepositoryEntry): Promise<boolean> {
  const path = layout.absent(layout.repository(cache, repository), commit, file);
  return isSafePath(file) && (await platform.fileFacts(path)) !== undefined;
}
