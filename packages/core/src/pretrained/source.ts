import { platform } from '#platform';
import { InputError } from '../errors/input-error';
import { PretrainedError } from '../errors/pretrained-error';
import { parseHubId, type HubId } from '../hub/names';
import { resolveSettings, type HubOptions } from '../hub/settings';
import { findCachedUrl, obtainUrl } from '../hub/url-cache';
import type { WeightLicense } from '../tokenizer/tokenizer';
import { configBeside, type ConfigBeside } from './config-beside';
import { locateRepository, notHere } from './locate-repository';
import { nearestNames } from './nearest-names';
import type { Preset } from './preset';
import { weightFileIn } from './weight-file-in';
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
export interface LocatedSource extends ConfigBeside {
  /** As the user named it. */
  readonly name: string;
  readonly weights: string | URL | Uint8Array | Blob;
  /** Shards of an index that is a Blob, by the names that it has for them. */
  readonly shards?: ReadonlyMap<string, Blob>;
  readonly presetName?: string;
  /** Of the model card, where there is one and the weights are no preset's. */
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
    return locateHub({ repository, revision, ...(file !== undefined && { file }) }, options);
  }
  if (typeof source !== 'string')
    throw new InputError('source', 'a preset, path, URL, bytes or repository', typeof source);
  if (source === '') throw new InputError('source', 'a preset name, path or hub id', 'an empty string');
  if (isPath(source)) return locatePath(source);
  if (Object.hasOwn(presets, source)) return locatePreset(source, presets[source]!, options);
  const hub = parseHubId(source);
  if (hub) return locateHub(hub, options);
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

async function locateHub(hub: HubId, options: LocateOptions): Promise<LocatedSource> {
  const source = hub.repository;
  return { name: source, ...(await locateRepository({ source, ...hub }, options)) };
}

async function locatePath(path: string): Promise<LocatedSource> {
  const facts = await platform.fileFacts(path);
  if (facts === undefined) throw new PretrainedError('not-found', path, `${path}: no such file or folder.`);
  const weights = facts.kind === 'folder' ? await weightFileIn(path) : path;
  return { name: path, weights, ...(await configBeside(weights)) };
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
    const { weights, shards } = await locateRepository(
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
    return { name, presetName: name, weights, ...(shards && { shards }) };
  }
  if (source.url === undefined) throw notHere('not-found', name, source.file);
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
  if (settings.offline) throw notHere('offline', name, source.url);
  return { name, presetName: name, weights: await obtainUrl(settings, wanted, options) };
}
