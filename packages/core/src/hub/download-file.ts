import { platform } from '#platform';
import type { RunOptions } from '../engine/run-options';
import { PretrainedError } from '../errors/pretrained-error';
import type { CacheFiles } from '../platform/cache-files';
import { hashOfPath } from './content-hash';
import { fetchSegment, fromTheStart, isDiskError, RangesIgnored, type FetchOptions } from './fetch-segment';
import { megabytes } from './license-notice';
import { unwritable } from './lock';
import { openPartialFile, type PartialFile } from './partial-file';
import { gaveUp } from './refusal';
import type { RemoteFile } from './remote-file';
import { request } from './request';
import { withRetries } from './retry';
import type { Segment } from './segments';
import type { HubSettings } from './settings';
import { shareOut } from './share-out';

export interface DownloadOptions extends RunOptions {
  readonly refuse: (response: Response) => PretrainedError;
}

/**
 * Downloads a file: goes on from what is on disk, checks length and hash, and only then gives it its name. The caller
 * holds the lock.
 *
 * @param path - Where the file will lie; what is unfinished lies beside it.
 * @throws {PretrainedError} `download`, `disk-space`, or what `refuse` gives.
 */
export async function downloadFile(
  settings: HubSettings,
  remote: RemoteFile,
  path: string,
  options: DownloadOptions,
): Promise<void> {
  const files = platform.cacheFiles!;
  try {
    const bytes = remote.bytes ?? (await askLength(settings, remote, options));
    const known = { ...remote, bytes };
    const went = await complete(settings, known, path, options, files);
    const problem = await check(known, `${path}.incomplete`, options);
    if (problem !== undefined) {
      // What an earlier run left may be the reason: once more from the start, but not for ever.
      await platform.remove(`${path}.incomplete`);
      if (went === 'resumed') return await downloadFile(settings, remote, path, options);
      throw new PretrainedError('download', remote.source, `${problem} The file was deleted; nothing of it is used.`);
    }
    await files.move(`${path}.incomplete`, path);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (isDiskError(error)) throw diskError(error, remote, path);
    throw gaveUp(error, remote.source);
  }
}

/** Fetches until nothing is missing. @returns Whether an earlier run had begun. */
async function complete(
  settings: HubSettings,
  remote: RemoteFile,
  path: string,
  options: DownloadOptions,
  files: CacheFiles,
): Promise<'fresh' | 'resumed'> {
  const partial = await openPartialFile(files, path);
  try {
    const { bytes: size } = remote;
    if (size === undefined || partial.prefix > size) await partial.clear();
    const earlier = partial.bytes;
    if (size !== undefined) await assertRoom(files, remote, path, size - earlier);
    let done = earlier;
    const report = (bytes: number) => {
      done += bytes;
      const total = size === undefined ? {} : { total: size };
      options.onProgress?.({ stage: 'download', completed: done, ...total, unit: 'bytes', label: remote.file });
    };
    report(0);
    const { refuse, signal } = options;
    const fetching = { settings, remote, refuse, onBytes: report };
    try {
      const segmentBytes = settings.connections > 1 ? settings.segmentBytes : Infinity;
      const segments = size === undefined ? [{ start: 0, end: Infinity }] : await partial.plan(size, segmentBytes);
      await shareOut(segments, settings.connections, signal, (segment, stop) =>
        fetchInto(partial, segment, { ...fetching, signal: stop }),
      );
    } catch (error) {
      if (!(error instanceof RangesIgnored)) throw error;
      await fetchWhole({ ...fetching, signal: signal ?? new AbortController().signal }, partial, () => {
        done = 0;
      });
      return 'fresh';
    }
    return earlier > 0 ? 'resumed' : 'fresh';
  } finally {
    await partial.close();
  }
}

async function fetchInto(partial: PartialFile, segment: Segment, options: FetchOptions): Promise<void> {
  const sink = await partial.open(segment);
  if (!sink) return;
  let isWhole = false;
  try {
    await fetchSegment(options, segment, sink);
    isWhole = true;
  } finally {
    await sink.close(isWhole);
  }
}

/** For servers without ranges: one connection, every try from the start. */
async function fetchWhole(options: FetchOptions, partial: PartialFile, restart: () => void): Promise<void> {
  await fromTheStart(options, async (once) => {
    await partial.clear();
    restart();
    await fetchInto(partial, { start: 0, end: options.remote.bytes ?? Infinity }, once);
  });
}

/** Length of a file that the server has not told: from the answer to a range of one byte. */
async function askLength(
  settings: HubSettings,
  { url, source }: RemoteFile,
  { signal, refuse }: DownloadOptions,
): Promise<number | undefined> {
  return withRetries(settings.patience, signal, async () => {
    const { response, watch } = await request(settings, { url, headers: { range: 'bytes=0-0' }, source, signal });
    watch.stop();
    await response.body?.cancel();
    if (response.status === 416) return 0;
    if (!response.ok) throw refuse(response);
    const total = /^bytes 0-0\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1];
    const length = response.status === 206 ? total : response.headers.get('content-length');
    return length === undefined || length === null ? undefined : Number(length);
  });
}

async function assertRoom(files: CacheFiles, remote: RemoteFile, path: string, missing: number): Promise<void> {
  const free = await files.freeBytes(platform.folderOf(path));
  if (free === undefined || free >= missing) return;
  throw new PretrainedError(
    'disk-space',
    remote.source,
    `${remote.source}: ${remote.file} needs ${megabytes(missing)} more on disk, but ${platform.folderOf(path)} has ${megabytes(free)} free: make room, or choose another folder with HF_HUB_CACHE or cacheDirectory.`,
  );
}

/** What is wrong with a finished download; undefined where nothing is. */
async function check(
  { source, file, bytes, hash }: RemoteFile,
  path: string,
  { signal }: DownloadOptions,
): Promise<string | undefined> {
  const actual = (await platform.fileFacts(path))?.bytes;
  if (bytes !== undefined && actual !== bytes) return `${source}: ${file}: expected ${bytes} bytes, got ${actual}.`;
  if (!hash) return undefined;
  const hex = await hashOfPath(path, hash.kind, { signal });
  const name = hash.kind === 'git' ? 'git SHA-1' : 'SHA-256';
  return hex === hash.hex ? undefined : `${source}: ${file}: expected the ${name} ${hash.hex}, got ${hex}.`;
}

function diskError(
  error: Error & { readonly code: string },
  { source, file }: RemoteFile,
  path: string,
): PretrainedError {
  const folder = platform.folderOf(path);
  if (error.code !== 'ENOSPC' && error.code !== 'EDQUOT') return unwritable(folder, source, error);
  return new PretrainedError(
    'disk-space',
    source,
    `${source}: ${folder} ran full while ${file} was downloaded: make room and try again, it goes on from there.`,
    { cause: error },
  );
}
