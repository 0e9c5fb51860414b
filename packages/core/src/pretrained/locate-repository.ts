import { platform } from '#platform';
import { PretrainedError } from '../errors/pretrained-error';
import { keptInBrowser } from '../hub/browser-layout';
import { findSnapshot } from '../hub/layout';
import { cardName, licenseInCard } from '../hub/model-card';
import { assertRepository, assertRevision, isSafePath } from '../hub/names';
import { obtain, shardsOf, type Obtained, type Wanted } from '../hub/obtain';
import { fileUrl } from '../hub/remote-file';
import { resolveSettings, type HubOptions, type HubSettings } from '../hub/settings';
import { chooseWeightFile } from '../hub/weight-names';
import type { WeightLicense } from '../tokenizer/tokenizer';
import { configAmong, configBeside, type ConfigBeside } from './config-beside';
import { weightFileIn } from './weight-file-in';

/** Weights of a repository that lie on this machine. */
export interface LocatedRepository extends ConfigBeside {
  /** Path, in browsers a Blob. */
  readonly weights: string | Blob;
  /** Shards of an index that is a Blob, by the names that it has for them. */
  readonly shards?: ReadonlyMap<string, Blob>;
  /** Of the model card, where there is one. */
  readonly license?: WeightLicense;
}

/**
 * Finds the weights of a repository in the cache, without a connection; downloads what is missing of them otherwise.
 *
 * @throws {PretrainedError} `offline`, and whatever `obtain` throws.
 */
export async function locateRepository(wanted: Wanted, options: HubOptions): Promise<LocatedRepository> {
  assertRepository(wanted.repository);
  assertRevision(wanted.revision);
  const settings = await resolveSettings(options);
  const here = await find(wanted, settings);
  if (here.found) return here.found;
  if (settings.offline) throw offline(wanted, settings, here.missing);
  return fromObtained(await obtain(settings, wanted, options));
}

interface Search {
  readonly found?: LocatedRepository;
  /** Names of files that are not here, as far as they are known. */
  readonly missing: readonly string[];
}

async function find(wanted: Wanted, { cache }: HubSettings): Promise<Search> {
  const store = await platform.openBlobStore();
  if (store) return findAmong(wanted, await keptInBrowser(store, wanted));
  return cache === undefined ? { missing: [] } : findOnDisk(wanted, cache);
}

async function findOnDisk({ repository, revision, file, bytes }: Wanted, cache: string): Promise<Search> {
  const snapshot = await findSnapshot({ repository, revision }, cache);
  if (snapshot === undefined || (file !== undefined && !isSafePath(file))) return { missing: [] };
  const path = file === undefined ? await weightFileIn(snapshot).catch(ifAmbiguous) : platform.joinPath(snapshot, file);
  if (path === undefined) return { missing: [] };
  const facts = await platform.fileFacts(path);
  // One with another length than the published was cut by someone: it is fetched again.
  if (facts?.kind !== 'file' || (bytes !== undefined && facts.bytes !== bytes))
    return { missing: file === undefined ? [] : [file] };
  const missing: string[] = [];
  for (const shard of path.endsWith('.index.json') ? await shardsOf(path) : []) {
    const at = platform.joinPath(platform.folderOf(path), shard);
    if ((await platform.fileFacts(at))?.kind !== 'file') missing.push(shard);
  }
  if (missing.length > 0) return { missing };
  const card = platform.joinPath(snapshot, cardName);
  const license = (await platform.fileFacts(card))?.kind === 'file' ? await licenseInCard(card) : undefined;
  return { found: { weights: path, ...(await configBeside(path)), ...(license && { license }) }, missing };
}

/** No weights at all are a reason to download; several of which none is meant are not. */
function ifAmbiguous(error: unknown): undefined {
  if (error instanceof PretrainedError && error.code === 'not-found') return undefined;
  throw error;
}

async function findAmong({ repository, file }: Wanted, kept: ReadonlyMap<string, Blob>): Promise<Search> {
  const name = file ?? chooseWeightFile([...kept.keys()], repository);
  const weights = name === undefined ? undefined : kept.get(name);
  if (name === undefined || weights === undefined) return { missing: file === undefined ? [] : [file] };
  const beside = inFolderOf(name, kept);
  const names = name.endsWith('.index.json') ? await shardsOf(weights) : [];
  const missing = names.filter((shard) => !beside.has(shard));
  if (missing.length > 0) return { missing };
  const card = kept.get(cardName);
  const license = card && (await licenseInCard(card));
  return {
    found: { weights, shards: beside, ...(await configAmong(name, beside)), ...(license && { license }) },
    missing,
  };
}

/** Files in the folder of one, by their names in it. */
function inFolderOf<Content>(file: string, files: ReadonlyMap<string, Content>): ReadonlyMap<string, Content> {
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  const beside = [...files].filter(([name]) => name.startsWith(folder));
  return new Map(beside.map(([name, content]) => [name.slice(folder.length), content]));
}

async function fromObtained({ weights, weightFile, stored, license }: Obtained): Promise<LocatedRepository> {
  if (typeof weights === 'string') return { weights, license, ...(await configBeside(weights)) };
  const blobs = new Map<string, Blob>();
  for (const [name, { content }] of stored) if (content instanceof Blob) blobs.set(name, content);
  const beside = inFolderOf(weightFile, blobs);
  return { weights, license, shards: beside, ...(await configAmong(weightFile, beside)) };
}

function offline(
  { source, repository, revision, file }: Wanted,
  { endpoint }: HubSettings,
  missing: readonly string[],
): PretrainedError {
  const address = fileUrl(endpoint, repository, revision, file ?? missing[0] ?? 'model.safetensors');
  return notHere('offline', source, address.href, missing);
}

/** What to do about weights that are not on this machine. */
export function notHere(
  code: 'offline' | 'not-found',
  name: string,
  address: string,
  files: readonly string[] = [],
): PretrainedError {
  const what =
    files.length > 1 ? `${files.join(', ')} are` : `${files[0] ?? 'its weights'} ${files.length === 1 ? 'is' : 'are'}`;
  const because =
    code === 'offline' ? ' and nothing may be downloaded (offline, HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE)' : '';
  return new PretrainedError(
    code,
    name,
    `${name}: ${what} not on this machine${because}. Download ${address} into a folder and pass { folder: './that-folder' } (command line: --folder), or give the path of the file.`,
  );
}
