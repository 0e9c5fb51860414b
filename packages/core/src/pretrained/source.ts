import { platform } from '#platform';
import { parseConfigText } from '../checkpoint/config-text';
import { ConfigError } from '../errors/config-error';
import { InputError } from '../errors/input-error';
import { PretrainedError } from '../errors/pretrained-error';
import { findSnapshot } from '../hub/layout';
import { assertRepository, assertRevision, isSafePath, parseHubId } from '../hub/names';
import { obtain, shardsOf, type Wanted } from '../hub/obtain';
import { fileUrl } from '../hub/remote-file';
import { resolveSettings, type HubOptions } from '../hub/settings';
import { findCachedUrl, obtainUrl } from '../hub/url-cache';
import { chooseWeightFile, weightNames } from '../hub/weight-names';
import type { Json } from '../signal/signal';
import type { WeightLicense } from '../tokenizer/tokenizer';
import { nearestNames, type Preset } from './preset';
import { assertSomethingFits } from './weight-sizes';

/**
 * Where weights come from: a preset name (`titok-l32`), a hub id (`owner/name[@revision]`), a path (`./x`, `/x`,
 * `C:\x`: a relative path starts with a dot), a URL, bytes, a Blob.
 */
export type PretrainedSource =
  | string
  | URL
  | Uint8Array
  | Blob
  | { readonly repository: string; readonly revision?: string; readonly file?: string };

/** A source that has been found: what to open, and what is known about it. */
export interface LocatedSource {
  /** As the user named it. */
  readonly name: string;
  readonly weights: string | URL | Uint8Array | Blob;
  readonly presetName?: string;
  /** Configuration that lies beside the weights, with the file that it came from. */
  readonly config?: { readonly file: string; readonly json: Json };
  /** Why a file beside the weights that looks like their configuration cannot be read. */
  readonly configFault?: PretrainedError;
  /** Of the model card, where the weights were downloaded just now and are no preset's. */
  readonly license?: WeightLicense;
}

export interface LocateOptions extends HubOptions {
  /** Folder that holds the weight file of a preset. */
  readonly folder?: string;
  /** Path of a file that ships in the package of the system. */
  readonly bundledFile?: (file: string) => string | undefined;
  /** Bytes in memory of each model function of a preset. */
  readonly memoryOf?: (preset: string) => Readonly<Record<string, number>>;
  /** Memory that weights may take; default: all that there is. */
  readonly memoryBytes?: number;
}

/** Beside the weights, in this order; `*` stands for the name of the weight file without its ending. */
const configNames = ['config.json', '*.yaml', '*.yml', 'config.yaml', 'config.yml', 'hparams.yaml'];
const configLimitBytes = 16 * 1024 * 1024;

/**
 * Finds the weights of a source: on this machine first (no socket is opened then), on the hub otherwise, from where they
 * are downloaded into the cache.
 *
 * @throws {PretrainedError} `unknown-preset`, `not-found`, `ambiguous`, `offline`; when downloading also `access`,
 * `gated`, `license`, `disk-space`, `download`.
 */
export async function locateSource(
  source: PretrainedSource,
  presets: Readonly<Record<string, Preset<unknown>>>,
  options: LocateOptions = {},
): Promise<LocatedSource> {
  if (source instanceof Uint8Array) return { name: 'bytes', weights: source };
  if (source instanceof Blob) return { name: source instanceof File ? source.name : 'blob', weights: source };
  if (source instanceof URL) {
    const path = platform.pathOfUrl(source);
    return path === undefined ? { name: source.href, weights: source } : locatePath(path);
  }
  if (typeof source === 'object' && source !== null && typeof source.repository === 'string') {
    const { repository, revision = 'main', file } = source;
    return locateRepository({ source: repository, repository, revision, ...(file !== undefined && { file }) }, options);
  }
  if (typeof source !== 'string')
    throw new InputError('source', 'a preset, path, URL, bytes or repository', typeof source);
  if (source === '') throw new InputError('source', 'a preset name, path or hub id', 'an empty string');
  if (isPath(source)) return locatePath(source);
  if (Object.hasOwn(presets, source)) return locatePreset(source, presets[source]!, options);
  const hub = parseHubId(source);
  if (hub) return locateRepository({ source: hub.repository, ...hub }, options);
  const near = nearestNames(source, Object.keys(presets));
  throw new PretrainedError(
    'unknown-preset',
    source,
    `No preset is called '${source}'. Did you mean ${near.join(', ')}? A path starts with ./ or /.`,
  );
}

/** A relative path starts with a dot; anything else is a preset or a hub id. */
export function isPath(source: string): boolean {
  return /^(\.{1,2}([\\/]|$)|[\\/]|[A-Za-z]:[\\/])/.test(source);
}

async function locatePath(path: string): Promise<LocatedSource> {
  const facts = await platform.fileFacts(path);
  if (facts === undefined) throw new PretrainedError('not-found', path, `${path}: no such file or folder.`);
  if (facts.kind !== 'folder') return withConfigBeside(path, path);
  return withConfigBeside(await weightFileIn(path), path);
}

async function withConfigBeside(weights: string, name: string): Promise<LocatedSource> {
  const folder = platform.folderOf(weights);
  const stem = weights
    .split(/[\\/]/)
    .at(-1)!
    .replace(/\.[^.]*$/, '');
  for (const pattern of configNames) {
    const file = platform.joinPath(folder, pattern.replace('*', stem));
    const facts = await platform.fileFacts(file);
    if (facts?.kind !== 'file') continue;
    try {
      return { name, weights, config: { file, json: await readConfig(file, facts.bytes) } };
    } catch (error) {
      // YAML of that name may be anybody's; it is told where nothing else says what the weights are.
      if (file.endsWith('.json') || !(error instanceof PretrainedError)) throw error;
      return { name, weights, configFault: error };
    }
  }
  return { name, weights };
}

async function readConfig(file: string, bytes: number): Promise<Json> {
  if (bytes > configLimitBytes)
    throw new PretrainedError('no-config', file, `${file}: ${bytes} bytes are too many for a configuration.`);
  const source = await platform.openFile(file);
  try {
    const text = new TextDecoder().decode(await source.read(0, source.size));
    if (file.endsWith('.json') && !/^\uFEFF?\s*[[{]/.test(text)) throw new ConfigError(file, 'JSON', 'other text');
    const json = await parseConfigText(text, file);
    if (typeof json !== 'object' || json === null)
      throw new ConfigError(file, 'fields of a configuration', typeof json);
    return json;
  } catch (cause) {
    throw new PretrainedError('no-config', file, (cause as Error).message, { cause });
  } finally {
    await source.close();
  }
}

async function weightFileIn(folder: string, preferred?: string): Promise<string> {
  const files = (await platform.listFolder(folder)).filter(({ kind }) => kind === 'file').map(({ name }) => name);
  const name = chooseWeightFile(files, folder, preferred);
  if (name !== undefined) return platform.joinPath(folder, name);
  const expected = preferred ?? weightNames.filter((usual) => !usual.endsWith('.json')).join(' or ');
  throw new PretrainedError(
    'not-found',
    folder,
    `${folder}: expected ${expected}, found ${files.slice(0, 8).join(', ') || 'no files'}.`,
  );
}

async function locatePreset(name: string, preset: Preset<unknown>, options: LocateOptions): Promise<LocatedSource> {
  const { source } = preset;
  const memory = options.memoryOf?.(name);
  if (memory) assertSomethingFits(name, memory, options.memoryBytes ?? platform.totalMemoryBytes());
  if (options.folder !== undefined) {
    return { name, presetName: name, weights: await weightFileIn(options.folder, source.file) };
  }
  if (source.bundled) {
    const path = options.bundledFile?.(source.file);
    if (path === undefined) {
      throw new PretrainedError(
        'not-found',
        name,
        `${name}: ${source.file} of the package is not reachable here; pass its URL or bytes as the source.`,
      );
    }
    return { name, presetName: name, weights: path };
  }
  if (source.repository !== undefined) {
    const { weights } = await locateRepository(
      {
        source: name,
        repository: source.repository,
        revision: source.revision ?? 'main',
        file: source.file,
        license: preset.license,
        ...(memory && { memory }),
        ...(source.sha256 !== undefined && { sha256: source.sha256 }),
        ...(source.bytes !== undefined && { bytes: source.bytes }),
      },
      options,
    );
    return { name, presetName: name, weights };
  }
  if (source.url === undefined) throw missing('not-found', name, source.file);
  const wanted = {
    source: name,
    url: new URL(source.url),
    file: source.file,
    license: preset.license,
    ...(memory && { memory }),
    ...(source.sha256 !== undefined && { sha256: source.sha256 }),
    ...(source.bytes !== undefined && { bytes: source.bytes }),
  };
  const here = await findCachedUrl(wanted, options);
  if (here !== undefined) return { name, presetName: name, weights: here };
  const settings = await resolveSettings(options);
  if (settings.offline) throw missing('offline', name, source.url);
  return { name, presetName: name, weights: await obtainUrl(settings, wanted, options) };
}

async function locateRepository(wanted: Wanted, options: LocateOptions): Promise<LocatedSource> {
  assertRepository(wanted.repository);
  assertRevision(wanted.revision);
  const settings = await resolveSettings(options);
  const here = settings.cache === undefined ? undefined : await cachedWeights(wanted, settings.cache);
  if (here?.weights !== undefined) return withConfigBeside(here.weights, wanted.source);
  const { source, repository, revision, file } = wanted;
  const address = fileUrl(settings.endpoint, repository, revision, file ?? here?.missing[0] ?? 'model.safetensors');
  if (settings.offline) throw missing('offline', source, address.href, here?.missing);
  const { weights, license } = await obtain(settings, wanted, options);
  return { ...(await withConfigBeside(weights, source)), ...(license && { license }) };
}

/** Weights in the cache with all their shards; otherwise the names of those that are missing. */
async function cachedWeights(
  { repository, revision, file, bytes }: Wanted,
  cache: string,
): Promise<{ readonly weights?: string; readonly missing: readonly string[] }> {
  const snapshot = await findSnapshot({ repository, revision }, cache);
  if (snapshot === undefined || (file !== undefined && !isSafePath(file))) return { missing: [] };
  const found =
    file === undefined ? await weightFileIn(snapshot).catch(ifAmbiguous) : platform.joinPath(snapshot, file);
  if (found === undefined) return { missing: [] };
  const facts = await platform.fileFacts(found);
  // One with another length than the published was cut by someone: it is fetched again.
  if (facts?.kind !== 'file' || (bytes !== undefined && facts.bytes !== bytes))
    return { missing: file === undefined ? [] : [file] };
  const shards = found.endsWith('.index.json') ? await shardsOf(found) : [];
  const folder = platform.folderOf(found);
  const missing: string[] = [];
  for (const shard of shards) {
    if ((await platform.fileFacts(platform.joinPath(folder, shard)))?.kind !== 'file') missing.push(shard);
  }
  return missing.length === 0 ? { weights: found, missing } : { missing };
}

/** No weights at all are a reason to download; several of which none is meant are not. */
function ifAmbiguous(error: unknown): undefined {
  if (error instanceof PretrainedError && error.code === 'not-found') return undefined;
  throw error;
}

function missing(
  code: 'offline' | 'not-found',
  name: string,
  address: string,
  files: readonly string[] = [],
): PretrainedError {
  const what =
    files.length > 1 ? `${files.join(', ')} are` : `${files[0] ?? 'its weights'} ${files.length === 1 ? 'is' : 'are'}`;
  const offline =
    code === 'offline' ? ' and nothing may be downloaded (offline, HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE)' : '';
  return new PretrainedError(
    code,
    name,
    `${name}: ${what} not on this machine${offline}. Download ${address} into a folder and pass { folder: './that-folder' } (command line: --folder), or give the path of the file.`,
  );
}
