import { platform } from '#platform';

/** `HF_HOME`, `XDG_CACHE_HOME/huggingface`, `~/.cache/huggingface`, in this order. Undefined without a file system. */
export function hubHomeFolder(): string | undefined {
  const variable = (name: string) => platform.environmentVariable(name);
  const home = variable('HF_HOME');
  if (home !== undefined) return home;
  const cache = variable('XDG_CACHE_HOME');
  if (cache !== undefined) return platform.joinPath(cache, 'huggingface');
  const user = variable('HOME') ?? variable('USERPROFILE');
  return user === undefined ? undefined : platform.joinPath(user, '.cache', 'huggingface');
}

/**
 * Folder of the Hugging Face cache, shared with Python: `HF_HUB_CACHE`, `HUGGINGFACE_HUB_CACHE`, `HF_HOME/hub`,
 * `XDG_CACHE_HOME/huggingface/hub`, `~/.cache/huggingface/hub`, in this order. Undefined without a file system.
 */
export function hubCacheFolder(): string | undefined {
  const explicit =
    platform.environmentVariable('HF_HUB_CACHE') ?? platform.environmentVariable('HUGGINGFACE_HUB_CACHE');
  if (explicit !== undefined) return explicit;
  const home = hubHomeFolder();
  return home === undefined ? undefined : platform.joinPath(home, 'hub');
}
