import { platform } from '#platform';
import { InputError } from '../errors/input-error';
import { UnsupportedError } from '../errors/unsupported-error';
import { hubCacheFolder } from './cache-folder';
import { layout } from './layout';
import { isHeld } from './lock';
import { readShortText } from './read-text';
import { urlCacheFolder } from './url-cache';

export interface ListCacheOptions {
  /** Default: the Hugging Face cache, and the one of plain addresses. */
  readonly cacheDirectory?: string;
}

export interface CachedFile {
  readonly path: string;
  readonly bytes: number;
}

/** One commit of a repository. */
export interface CachedRevision {
  readonly commit: string;
  /** Branches and tags that were this commit when they were last asked for. */
  readonly refs: readonly string[];
  /** Files in the snapshot, with slashes. */
  readonly files: readonly string[];
}

/** A repository in the Hugging Face cache, or a file from a plain address. */
export interface CachedItem {
  /** `owner/name`, or the name of the file. */
  readonly name: string;
  readonly kind: 'repository' | 'address';
  readonly folder: string;
  /** Of complete files, each once however many revisions have it. */
  readonly bytes: number;
  /** What downloads have left that did not end, or that run now. */
  readonly incomplete: readonly CachedFile[];
  /** Complete files by the name of their content. */
  readonly blobs: readonly CachedFile[];
  readonly revisions: readonly CachedRevision[];
  /** Branches and tags whose commit is not here. */
  readonly danglingRefs: readonly string[];
  /** Whether Python's client finds it: what lies in the Hugging Face cache. */
  readonly sharedWithPython: boolean;
  /** Milliseconds since 1970 of the youngest file. */
  readonly modifiedMilliseconds: number;
}

const isUnfinished = (name: string): boolean => /\.(incomplete|part)$/.test(name);

/** Everything that is cached on this machine, in order of name. Reads names and sizes only. */
export async function listCache({ cacheDirectory }: ListCacheOptions = {}): Promise<readonly CachedItem[]> {
  const files = cacheFiles();
  const items: CachedItem[] = [];
  const hub = cacheDirectory ?? hubCacheFolder();
  for (const folder of hub === undefined ? [] : await files.names(hub)) {
    const name = /^models--(.+)$/.exec(folder)?.[1]?.split('--').join('/');
    if (hub === undefined || name === undefined) continue;
    const item = await repositoryItem(platform.joinPath(hub, folder), name);
    // Only that something is not there may be all that is known.
    if (item.blobs.length + item.incomplete.length + item.revisions.length > 0) items.push(item);
  }
  const addresses = urlCacheFolder(cacheDirectory);
  for (const hash of addresses === undefined ? [] : await files.names(addresses)) {
    if (addresses !== undefined && /^[0-9a-f]{64}$/.test(hash))
      items.push(...(await addressItems(platform.joinPath(addresses, hash))));
  }
  return items;
}

async function repositoryItem(folder: string, name: string): Promise<CachedItem> {
  const files = cacheFiles();
  const all = await filesIn(platform.joinPath(folder, 'blobs'));
  const refs = new Map<string, string[]>();
  for (const ref of await deepNames(platform.joinPath(folder, 'refs'))) {
    const commit = (await readShortText(layout.ref(folder, ref))) ?? '';
    refs.set(commit, [...(refs.get(commit) ?? []), ref]);
  }
  const revisions: CachedRevision[] = [];
  const copies: Measured[] = [];
  for (const commit of await files.names(platform.joinPath(folder, 'snapshots'))) {
    const snapshot = layout.snapshot(folder, commit);
    const names = await deepNames(snapshot);
    revisions.push({ commit, refs: refs.get(commit) ?? [], files: names });
    refs.delete(commit);
    for (const each of names) {
      const path = platform.joinPath(snapshot, ...each.split('/'));
      // Where links are not allowed the file itself lies here, and its blob may not.
      if ((await files.linkTarget(path)) === undefined) copies.push(...(await measure(path)));
    }
  }
  const blobs = all.filter(({ path }) => !isUnfinished(path));
  const loose = blobs.length === 0 ? copies : [];
  return {
    name,
    kind: 'repository',
    folder,
    revisions,
    danglingRefs: [...refs.values()].flat(),
    blobs: blobs.map(withoutTime),
    bytes: sum([...blobs, ...loose]),
    incomplete: all.filter(({ path }) => isUnfinished(path)).map(withoutTime),
    sharedWithPython: true,
    modifiedMilliseconds: Math.max(0, ...[...all, ...loose].map(({ modified }) => modified)),
  };
}

async function addressItems(folder: string): Promise<readonly CachedItem[]> {
  const all = await filesIn(folder);
  const blobs = all.filter(({ path }) => !isUnfinished(path) && !/\.(source|sha256|lock|takeover)$/.test(path));
  const incomplete = all.filter(({ path }) => isUnfinished(path));
  const [first] = [...blobs, ...incomplete];
  if (!first) return [];
  return [
    {
      name: first.path.slice(folder.length + 1).replace(/(\.\d+-\d+)?\.(incomplete|part)$/, ''),
      kind: 'address',
      folder,
      revisions: [],
      danglingRefs: [],
      blobs: blobs.map(withoutTime),
      bytes: sum(blobs),
      incomplete: incomplete.map(withoutTime),
      sharedWithPython: false,
      modifiedMilliseconds: Math.max(...all.map(({ modified }) => modified)),
    },
  ];
}

export interface RemovalRequest {
  readonly item: CachedItem;
  /** Only this branch, tag or commit, and what no other has. Default: all. */
  readonly revision?: string;
  /** Only what downloads have left unfinished. */
  readonly incompleteOnly?: boolean;
  /** Say what would go, and keep it. */
  readonly dryRun?: boolean;
}

export interface RemovedFiles {
  readonly files: number;
  readonly bytes: number;
}

/**
 * Removes a cached item, one revision of it, or its unfinished files. Python loses what is removed as well.
 *
 * @throws {InputError} A download of it is running, or there is no such revision.
 */
export async function removeCached({ item, revision, incompleteOnly, dryRun }: RemovalRequest): Promise<RemovedFiles> {
  await assertIdle(item);
  if (incompleteOnly) return removeFiles(item.incomplete, dryRun);
  if (revision !== undefined) return removeRevision(item, revision, dryRun);
  if (!dryRun) {
    await platform.remove(item.folder);
    if (item.kind === 'repository') await platform.remove(lockFolder(item));
  }
  return { files: item.blobs.length + item.incomplete.length, bytes: item.bytes + sum(item.incomplete) };
}

async function removeRevision(item: CachedItem, revision: string, dryRun = false): Promise<RemovedFiles> {
  const chosen = item.revisions.find(({ commit, refs }) => commit === revision || refs.includes(revision));
  if (!chosen) {
    const known = item.revisions.flatMap(({ commit, refs }) => [...refs, commit]).join(', ') || 'none';
    throw new InputError('revision', `one of ${known}`, revision);
  }
  const used = new Set<string>();
  for (const other of item.revisions.filter((each) => each !== chosen))
    for (const blob of await blobsOf(item, other)) used.add(blob);
  const own = new Set((await blobsOf(item, chosen)).filter((blob) => !used.has(blob)));
  const files = item.blobs.filter(({ path }) => own.has(lastPart(path)));
  if (!dryRun) {
    await platform.remove(layout.snapshot(item.folder, chosen.commit));
    await platform.remove(platform.joinPath(item.folder, '.no_exist', chosen.commit));
    for (const ref of chosen.refs) await platform.remove(layout.ref(item.folder, ref));
  }
  return removeFiles(files, dryRun);
}

async function blobsOf({ folder }: CachedItem, { commit, files }: CachedRevision): Promise<readonly string[]> {
  const names: string[] = [];
  for (const file of files) {
    const path = platform.joinPath(layout.snapshot(folder, commit), ...file.split('/'));
    const target = await cacheFiles().linkTarget(path);
    if (target !== undefined) names.push(lastPart(target));
  }
  return names;
}

async function removeFiles(files: readonly CachedFile[], dryRun = false): Promise<RemovedFiles> {
  if (!dryRun) for (const { path } of files) await platform.remove(path);
  return { files: files.length, bytes: sum(files) };
}

const lockFolder = ({ folder }: CachedItem): string =>
  platform.joinPath(platform.folderOf(folder), '.locks', lastPart(folder));

async function assertIdle(item: CachedItem): Promise<void> {
  const folder = item.kind === 'repository' ? lockFolder(item) : item.folder;
  const pattern = item.kind === 'repository' ? /\.tesserae$/ : /\.lock$/;
  for (const name of await cacheFiles().names(folder)) {
    if (pattern.test(name) && (await isHeld(cacheFiles(), platform.joinPath(folder, name))))
      throw new InputError(item.name, 'no running download', 'one by another process');
  }
}

interface Measured extends CachedFile {
  readonly modified: number;
}

const withoutTime = ({ path, bytes }: Measured): CachedFile => ({ path, bytes });

async function measure(path: string): Promise<readonly Measured[]> {
  const facts = await platform.fileFacts(path);
  return facts?.kind === 'file' ? [{ path, bytes: facts.bytes, modified: facts.modifiedMilliseconds }] : [];
}

async function filesIn(folder: string): Promise<readonly Measured[]> {
  const found: Measured[] = [];
  for (const name of await cacheFiles().names(folder)) found.push(...(await measure(platform.joinPath(folder, name))));
  return found;
}

/** Names of all files below a folder, with slashes; broken links too. */
async function deepNames(folder: string, prefix = ''): Promise<readonly string[]> {
  const names: string[] = [];
  for (const name of await cacheFiles().names(folder)) {
    const path = platform.joinPath(folder, name);
    const isFolder = (await platform.fileFacts(path))?.kind === 'folder';
    if (isFolder) names.push(...(await deepNames(path, `${prefix}${name}/`)));
    else names.push(`${prefix}${name}`);
  }
  return names;
}

const sum = (files: readonly CachedFile[]): number => files.reduce((total, { bytes }) => total + bytes, 0);
const lastPart = (path: string): string => path.split(/[\\/]/).at(-1)!;

function cacheFiles() {
  if (platform.cacheFiles) return platform.cacheFiles;
  throw new UnsupportedError('cache', 'browsers keep no cache of files that could be listed.');
}
