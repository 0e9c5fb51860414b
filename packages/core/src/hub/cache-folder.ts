import { platform } from '#platform';

/** `HF_HOME`, `XDG_CACHE_HOME/huggingface`, `~/.cache/huggingface`, in this order. Undefined without a file system. */
export function hubHomeFolder(): string | undefined {
  const home = pathVariable('HF_HOME');
  if (home !== undefined) return home;
  const cache = pathVariable('XDG_CACHE_HOME');
  if (cache !== undefined) return platform.joinPath(cache, 'huggingface');
  const user = userFolder();
  return user === undefined ? undefined : platform.joinPath(user, '.cache', 'huggingface');
}

/**
 * Folder of the Hugging Face cache, shared with Python: `HF_HUB_CACHE`, `HUGGINGFACE_HUB_CACHE`, `HF_HOME/hub`,
 * `XDG_CACHE_HOME/huggingface/hub`, `~/.cache/huggingface/hub`, in this order. Undefined without a file system.
 */
export function hubCacheFolder(): string | undefined {
  const explicit = pathVariable('HF_HUB_CACHE') ?? pathVariable('HUGGINGFACE_HUB_CACHE');
  if (explicit !== undefined) return explicit;
  const home = hubHomeFolder();
  return home === undefined ? undefined : platform.joinPath(home, 'hub');
}

/** A variable that holds a path; `~` at its start is the folder of the user, as Python reads it. */
export function pathVariable(name: string): string | undefined {
  const path = platform.environmentVariable(name);
  const user = path !== undefined && /^~([\\/]|$)/.test(path) ? userFolder() : undefined;
  return path === undefined || user === undefined ? path : platform.joinPath(user, path.slice(1));
}

const userFolder = (): string | undefined =>
  platform.environmentVariable('HOME') ?? platform.environmentVariable('USERPROFILE');
