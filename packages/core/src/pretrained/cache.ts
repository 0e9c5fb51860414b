import { platform } from '#platform';

/**
 * Folder of the Hugging Face cache, shared with Python: `HF_HUB_CACHE`, `HUGGINGFACE_HUB_CACHE`, `HF_HOME/hub`,
 * `XDG_CACHE_HOME/huggingface/hub`, `~/.cache/huggingface/hub`, in this order. Undefined without a file system.
 */
export function hubCacheFolder(): string | undefined {
  const variable = (name: string) => platform.environmentVariable(name);
  const explicit = variable('HF_HUB_CACHE') ?? variable('HUGGINGFACE_HUB_CACHE');
  if (explicit !== undefined) return explicit;
  const home = variable('HF_HOME');
  if (home !== undefined) return platform.joinPath(home, 'hub');
  const cache = variable('XDG_CACHE_HOME');
  if (cache !== undefined) return platform.joinPath(cache, 'huggingface', 'hub');
  const user = variable('HOME') ?? variable('USERPROFILE');
  return user === undefined ? undefined : platform.joinPath(user, '.cache', 'huggingface', 'hub');
}

export interface CachedRepository {
  readonly repository: string;
  /** Branch, tag or commit. Default `main`. */
  readonly revision?: string;
}

/** Folder of a downloaded snapshot, found without network: `refs/<revision>` names the commit. Undefined when absent. */
export async function findSnapshot(
  { repository, revision = 'main' }: CachedRepository,
  cache = hubCacheFolder(),
): Promise<string | undefined> {
  if (cache === undefined) return undefined;
  const folder = platform.joinPath(cache, `models--${repository.replaceAll('/', '--')}`);
  for (const commit of [await readRef(platform.joinPath(folder, 'refs', revision)), revision]) {
    if (commit === undefined) continue;
    const snapshot = platform.joinPath(folder, 'snapshots', commit);
    if ((await platform.fileFacts(snapshot))?.kind === 'folder') return snapshot;
  }
  return undefined;
}

async function readRef(path: string): Promise<string | undefined> {
  const facts = await platform.fileFacts(path);
  if (facts?.kind !== 'file' || facts.bytes > 256) return undefined;
  const source = await platform.openFile(path);
  try {
    const commit = new TextDecoder().decode(await source.read(0, source.size)).trim();
    return /^[0-9a-f]{7,64}$/.test(commit) ? commit : undefined;
  } finally {
    await source.close();
  }
}
