import { platform } from '#platform';
import { PretrainedError } from '../errors/pretrained-error';
import { UnsupportedError } from '../errors/unsupported-error';
import type { CacheFiles } from '../platform/cache-files';
import type { WeightLicense } from '../tokenizer/tokenizer';
import { findBlob, storeBlob } from './blob-cache';
import { downloadFile } from './download-file';
import { announce } from './license-notice';
import { takeLock } from './lock';
import type { ObtainOptions } from './obtain';
import { readShortText } from './read-text';
import { gaveUp } from './refusal';
import type { RemoteFile } from './remote-file';
import { request } from './request';
import { withRetries } from './retry';
import { sha256 } from './secure-hash';
import type { HubOptions, HubSettings } from './settings';

/** A weight file that lies at a plain address. */
export interface WantedUrl {
  /** As the user named it. */
  readonly source: string;
  readonly url: URL;
  /** Name that the file gets. */
  readonly file: string;
  readonly license: WeightLicense;
  readonly memory?: Readonly<Record<string, number>>;
  readonly sha256?: string;
  readonly bytes?: number;
}

/** Where a URL is cached: `$XDG_CACHE_HOME/tesserae/<SHA-256 of the URL>/<file>`. Undefined without a file system. */
export function urlCachePath(
  { url, file }: Pick<WantedUrl, 'url' | 'file'>,
  { cacheDirectory }: Pick<HubOptions, 'cacheDirectory'> = {},
): string | undefined {
  const folder = urlCacheFolder(cacheDirectory);
  if (folder === undefined) return undefined;
  return platform.joinPath(folder, addressHash({ url }), file);
}

function addressHash({ url }: Pick<WantedUrl, 'url'>): string {
  const hash = sha256();
  hash.update(new TextEncoder().encode(url.href));
  return hash.digest();
}

/** Folder of the files that were downloaded from plain addresses; `tesserae` in a cache folder of your own. */
export function urlCacheFolder(cacheDirectory?: string): string | undefined {
  return cacheDirectory === undefined ? platform.cacheDirectory() : platform.joinPath(cacheDirectory, 'tesserae');
}

/** The whole file, found without network: its path, in browsers a Blob. */
export async function findCachedUrl(wanted: WantedUrl, options: HubOptions): Promise<string | Blob | undefined> {
  const store = await platform.openBlobStore();
  if (store) return findBlob(store, addressHash(wanted));
  const path = urlCachePath(wanted, options);
  const facts = path === undefined ? undefined : await platform.fileFacts(path);
  const isWhole = facts?.kind === 'file' && (wanted.bytes === undefined || facts.bytes === wanted.bytes);
  return isWhole ? path : undefined;
}

/**
 * Downloads a file from a plain address, with the care of {@link downloadFile}. What an earlier run left is used where
 * a hash, or the server's word, says that the file is still the same.
 *
 * @throws {PretrainedError} `not-found`, `access`, `license`, `disk-space`, `download`.
 */
export async function obtainUrl(
  settings: HubSettings,
  wanted: WantedUrl,
  options: ObtainOptions & HubOptions,
): Promise<string | Blob> {
  const { signal } = options;
  const store = await platform.openBlobStore();
  const refuse = (response: Response) => refused(response, wanted);
  if (store) {
    const remote = remoteOf(wanted, await ask(settings, wanted, signal));
    const before = () => tellLicense(wanted, remote, options);
    return (await storeBlob(settings, store, remote, addressHash(wanted), { ...options, refuse, before })).blob;
  }
  const path = urlCachePath(wanted, options);
  const files = platform.cacheFiles;
  if (path === undefined || !files) throw new UnsupportedError('cache', 'there is no file system here.');
  const lock = await takeLock(files, `${path}.lock`, wanted.source, signal);
  try {
    const there = await findCachedUrl(wanted, options);
    if (there !== undefined) return there;
    const remote = remoteOf(wanted, await ask(settings, wanted, signal));
    await forgetOther(files, path, remote.validator ?? wanted.sha256);
    await tellLicense(wanted, remote, options);
    await downloadFile(settings, remote, path, { ...options, refuse });
    await noteHash(path, signal);
    return path;
  } finally {
    await lock.release();
  }
}

function remoteOf({ source, file, url, bytes, sha256: hex }: WantedUrl, facts: UrlFacts): RemoteFile {
  return {
    source,
    file,
    url,
    bytes: bytes ?? facts.bytes,
    hash: hex === undefined ? undefined : { kind: 'sha256', hex },
    ...(facts.validator !== undefined && { validator: facts.validator }),
  };
}

function tellLicense(
  { source, file, license, memory }: WantedUrl,
  { bytes }: RemoteFile,
  { onLicense }: ObtainOptions,
): Promise<void> {
  return announce({ source, file, bytes, license, ...(memory && { memory }) }, onLicense);
}

interface UrlFacts {
  readonly bytes: number | undefined;
  /** What changes when the file does: a strong `ETag` or the date. */
  readonly validator: string | undefined;
}

async function ask(settings: HubSettings, wanted: WantedUrl, signal: AbortSignal | undefined): Promise<UrlFacts> {
  const { url, source } = wanted;
  try {
    return await withRetries(settings.patience, signal, async () => {
      const { response, watch } = await request(settings, { url, headers: { range: 'bytes=0-0' }, source, signal });
      watch.stop();
      await response.body?.cancel();
      if (!response.ok && response.status !== 416) throw refused(response, wanted);
      const total = /^bytes (?:0-0|\*)\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1];
      const length =
        total ?? (response.status === 200 ? response.headers.get('content-length') : undefined) ?? undefined;
      const etag = response.headers.get('etag');
      const validator = etag !== null && !etag.startsWith('W/') ? etag : response.headers.get('last-modified');
      return { bytes: length === undefined ? undefined : Number(length), validator: validator ?? undefined };
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw gaveUp(error, source);
  }
}

/** Removes what an earlier run left of a file that is not known to be the same. */
async function forgetOther(files: CacheFiles, path: string, validator: string | undefined): Promise<void> {
  const note = `${path}.source`;
  if (validator !== undefined && (await readShortText(note, 4096)) === validator) return;
  const folder = platform.folderOf(path);
  for (const name of await files.names(folder)) {
    if (/\.(incomplete|part)$/.test(name)) await platform.remove(platform.joinPath(folder, name));
  }
  if (validator !== undefined) await platform.writeFileAtomically(note, new TextEncoder().encode(validator));
}

/** Remembers what came, so that later damage is noticed. */
async function noteHash(path: string, signal: AbortSignal | undefined): Promise<void> {
  const hex = await platform.sha256OfFile(path, signal);
  await platform.writeFileAtomically(`${path}.sha256`, new TextEncoder().encode(hex));
}

function refused({ status }: Response, { source, url }: WantedUrl): PretrainedError {
  const code =
    status === 404 || status === 410 ? 'not-found' : status === 401 || status === 403 ? 'access' : 'download';
  return new PretrainedError(code, source, `${source}: ${url.href} answered with status ${status}.`);
}
