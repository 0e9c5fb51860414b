import type { BlobStore } from '../platform/blob-store';
import { findBlob, readJson } from './blob-cache';
import type { HubFile } from './remote-file';

const refName = (repository: string, revision: string): string => `models/${repository}/refs/${revision}`;
const snapshotName = (repository: string, commit: string, file = ''): string =>
  `models/${repository}/snapshots/${commit}/${file}`;

interface Ref {
  readonly commit: string;
}

interface Link {
  readonly blob: string;
}

/** Remembers which commit a revision is, and which bytes a file of it has. */
export async function rememberInBrowser(store: BlobStore, file: HubFile, revision: string): Promise<void> {
  const { repository, commit, blob } = file;
  const write = (name: string, document: Ref | Link) => store.put(name, new Blob([JSON.stringify(document)]));
  await write(snapshotName(repository, commit, file.file), { blob });
  if (revision !== commit) await write(refName(repository, revision), { commit });
}

/** Files of a revision that the browser has kept, whole and checked, by their path in the repository. */
export async function keptInBrowser(
  store: BlobStore,
  { repository, revision }: { readonly repository: string; readonly revision: string },
): Promise<ReadonlyMap<string, Blob>> {
  const ref = await readJson<Ref>(store, refName(repository, revision));
  const folder = snapshotName(repository, ref?.commit ?? revision);
  const kept = new Map<string, Blob>();
  for (const name of (await store.names()).filter((each) => each.startsWith(folder))) {
    const link = await readJson<Link>(store, name);
    const blob = link && (await findBlob(store, link.blob));
    if (blob) kept.set(name.slice(folder.length), blob);
  }
  return kept;
}
