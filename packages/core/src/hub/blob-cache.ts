import { blobSource } from '../checkpoint/byte-source';
import type { RunOptions } from '../engine/run-options';
import { PretrainedError } from '../errors/pretrained-error';
import type { BlobStore } from '../platform/blob-store';
import { hashOfSource } from './content-hash';
import { fetchSegment, fromTheStart, RangesIgnored, type FetchOptions } from './fetch-segment';
import { megabytes } from './license-notice';
import type { SegmentSink } from './partial-file';
import { gaveUp } from './refusal';
import type { RemoteFile } from './remote-file';
import type { Segment } from './segments';
import type { HubSettings } from './settings';
import { shareOut } from './share-out';

export interface BlobDownloadOptions extends RunOptions {
  readonly refuse: (response: Response) => PretrainedError;
  /** Called before the first byte; throws where the download is refused. */
  readonly before: () => Promise<void>;
}

/** What stands beside the pieces of a file that is complete and was checked. */
interface Whole {
  readonly bytes: number;
  readonly pieces: number;
}

const pieceName = (name: string, index: number): string => `blobs/${name}/${index}`;
const wholeName = (name: string): string => `blobs/${name}/whole`;

/** A file that a browser has kept, as one Blob over its pieces: nothing is read or copied. */
export async function findBlob(store: BlobStore, name: string): Promise<Blob | undefined> {
  const whole = await readJson<Whole>(store, wholeName(name));
  if (!whole) return undefined;
  const pieces: Blob[] = [];
  for (let index = 0; index < whole.pieces; index += 1) {
    const piece = await store.get(pieceName(name, index));
    if (!piece) return undefined;
    pieces.push(piece);
  }
  const blob = new Blob(pieces);
  // The browser may have thrown away a part of what it kept.
  return blob.size === whole.bytes ? blob : undefined;
}

/**
 * Downloads a file into what the browser keeps, piece by piece: a page that was closed goes on with the next piece. The
 * hash is checked over all before the file counts as there.
 *
 * @param name - Of its bytes in the store.
 * @throws {PretrainedError} `download`, `disk-space`, or what `refuse` and `before` give.
 */
export async function storeBlob(
  settings: HubSettings,
  store: BlobStore,
  remote: RemoteFile,
  name: string,
  options: BlobDownloadOptions,
): Promise<{ readonly blob: Blob; readonly isNew: boolean }> {
  return store.exclusively(name, async () => {
    const kept = await findBlob(store, name);
    if (kept && (remote.bytes === undefined || kept.size === remote.bytes)) return { blob: kept, isNew: false };
    await options.before();
    try {
      return { blob: await download(settings, store, remote, name, options), isNew: true };
    } catch (error) {
      options.signal?.throwIfAborted();
      if ((error as Error).name === 'QuotaExceededError') throw noRoom(remote, undefined);
      throw gaveUp(error, remote.source);
    }
  });
}

async function download(
  settings: HubSettings,
  store: BlobStore,
  remote: RemoteFile,
  name: string,
  options: BlobDownloadOptions,
): Promise<Blob> {
  const segments = segmentsOf(remote.bytes, settings.segmentBytes);
  const present = new Map<number, Blob>();
  for (const [index, { start, end }] of segments.entries()) {
    const piece = await store.get(pieceName(name, index));
    if (piece?.size === end - start) present.set(index, piece);
  }
  const earlier = present.size;
  let done = [...present.values()].reduce((sum, { size }) => sum + size, 0);
  await assertRoom(store, remote, (remote.bytes ?? 0) - done);
  const report = (bytes: number) => {
    done += bytes;
    const total = remote.bytes === undefined ? {} : { total: remote.bytes };
    options.onProgress?.({ stage: 'download', completed: done, ...total, unit: 'bytes', label: remote.file });
  };
  report(0);
  const keep = async (index: number, piece: Blob) => {
    await store.put(pieceName(name, index), piece);
    // What is stored lies on disk; the copy in memory can go.
    return (await store.get(pieceName(name, index))) ?? piece;
  };
  const { refuse, signal = new AbortController().signal } = options;
  const fetching = { settings, remote, refuse, onBytes: report, signal };
  let pieces: readonly Blob[];
  try {
    await shareOut(segments.entries(), settings.connections, signal, async ([index, segment], stop) => {
      if (present.has(index)) return;
      const sink = memorySink(segment);
      await fetchSegment({ ...fetching, signal: stop }, segment, sink);
      present.set(index, await keep(index, sink.blob()));
    });
    pieces = segments.map((_, index) => present.get(index)!);
  } catch (error) {
    if (!(error instanceof RangesIgnored)) throw error;
    done = 0;
    pieces = [await keep(0, await fetchWhole(fetching))];
  }
  const blob = new Blob([...pieces]);
  const problem = await check(remote, blob, signal);
  if (problem === undefined) {
    const whole: Whole = { bytes: blob.size, pieces: pieces.length };
    await store.put(wholeName(name), new Blob([JSON.stringify(whole)]));
    return blob;
  }
  for (const index of segments.keys()) await store.remove(pieceName(name, index));
  if (earlier > 0) return download(settings, store, remote, name, options);
  throw new PretrainedError('download', remote.source, `${problem} It was deleted; nothing of it is used.`);
}

async function fetchWhole(options: FetchOptions): Promise<Blob> {
  const segment = { start: 0, end: options.remote.bytes ?? Infinity };
  let sink = memorySink(segment);
  await fromTheStart(options, async (once) => {
    sink = memorySink(segment);
    await fetchSegment(once, segment, sink);
  });
  return sink.blob();
}

function segmentsOf(bytes: number | undefined, segmentBytes: number): readonly Segment[] {
  if (bytes === undefined) return [{ start: 0, end: Infinity }];
  const count = Math.max(1, Math.ceil(bytes / segmentBytes));
  return Array.from({ length: count }, (_, index) => ({
    start: index * segmentBytes,
    end: Math.min(bytes, (index + 1) * segmentBytes),
  }));
}

function memorySink({ start }: Segment): SegmentSink & { blob(): Blob } {
  const chunks: Uint8Array[] = [];
  let position = start;
  return {
    get position() {
      return position;
    },
    async append(chunk) {
      chunks.push(chunk);
      position += chunk.length;
    },
    close: async () => {},
    blob: () => new Blob(chunks as BlobPart[]),
  };
}

async function check(
  { source, file, bytes, hash }: RemoteFile,
  blob: Blob,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (bytes !== undefined && blob.size !== bytes)
    return `${source}: ${file}: expected ${bytes} bytes, got ${blob.size}.`;
  if (!hash) return undefined;
  const hex = await hashOfSource(blobSource(blob, file), hash.kind, { signal });
  return hex === hash.hex ? undefined : `${source}: ${file}: expected the hash ${hash.hex}, got ${hex}.`;
}

async function assertRoom(store: BlobStore, remote: RemoteFile, missing: number): Promise<void> {
  const free = await store.freeBytes();
  if (free !== undefined && free < missing) throw noRoom(remote, { missing, free });
}

function noRoom(
  { source, file }: RemoteFile,
  room: { readonly missing: number; readonly free: number } | undefined,
): PretrainedError {
  const numbers = room ? ` (${megabytes(room.missing)} more, of which ${megabytes(room.free)} fit)` : '';
  return new PretrainedError(
    'disk-space',
    source,
    `${source}: ${file} needs more room than this browser gives${numbers}: clear data of this site, or choose a smaller preset.`,
  );
}

/** A small JSON document of a store; undefined where it is absent or something else. */
export async function readJson<Document>(store: BlobStore, name: string): Promise<Document | undefined> {
  try {
    const blob = await store.get(name);
    return blob && (JSON.parse(await blob.text()) as Document);
  } catch {
    return undefined;
  }
}
