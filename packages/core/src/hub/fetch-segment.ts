import { PretrainedError } from '../errors/pretrained-error';
import { bodyOf } from './body';
import type { SegmentSink } from './partial-file';
import type { RemoteFile } from './remote-file';
import { networkFailure, request, type HubResponse } from './request';
import { TryAgain, withRetries } from './retry';
import type { Segment } from './segments';
import type { HubSettings } from './settings';

/** The server answers with the whole file whatever range is asked for. Never leaves the hub client. */
export class RangesIgnored extends Error {
  override readonly name = 'RangesIgnored';
}

export interface FetchOptions {
  readonly settings: HubSettings;
  readonly remote: RemoteFile;
  readonly signal: AbortSignal;
  /** What an answer without the file means. */
  readonly refuse: (response: Response) => PretrainedError;
  /** Called with the length of each piece that has been written. */
  readonly onBytes: (bytes: number) => void;
}

/**
 * Fetches what is missing of a segment, over as many connections one after another as it takes.
 *
 * @throws {TryAgain} Patience has ended.
 * @throws {RangesIgnored}
 * @throws {PretrainedError} The server refuses, or its file has another length.
 */
export function fetchSegment(options: FetchOptions, segment: Segment, sink: SegmentSink): Promise<void> {
  const { settings, signal } = options;
  return withRetries(settings.patience, signal, async (progress) => {
    if (sink.position === segment.end) return;
    await fetchOnce(options, segment, sink, progress);
  });
}

/** Tries as a whole, each with options under which nothing inside it is tried again. */
export function fromTheStart(options: FetchOptions, attempt: (once: FetchOptions) => Promise<void>): Promise<void> {
  const { settings, signal } = options;
  const once = { ...options, settings: { ...settings, patience: { ...settings.patience, attempts: 1 } } };
  return withRetries(settings.patience, signal, () => attempt(once));
}

async function fetchOnce(
  options: FetchOptions,
  { end }: Segment,
  sink: SegmentSink,
  progress: () => void,
): Promise<void> {
  const { settings, remote, signal, onBytes } = options;
  const first = sink.position;
  const last = end === Infinity ? '' : end - 1;
  const headers =
    first === 0 && end === Infinity ? undefined : { range: `bytes=${first}-${last}`, ...sameFile(remote) };
  const answer = await request(settings, {
    url: remote.url,
    source: remote.source,
    signal,
    ...(headers && { headers }),
  });
  try {
    checkAnswer(options, answer, first, end);
    for await (const chunk of bodyOf(answer.response, answer.watch.signal)) {
      answer.watch.heard();
      if (sink.position + chunk.length > end) throw wrongLength(remote, `more than ${end - first} bytes from ${first}`);
      await sink.append(chunk);
      progress();
      onBytes(chunk.length);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof PretrainedError || error instanceof RangesIgnored || isDiskError(error)) throw error;
    throw networkFailure(remote.url, error, answer.watch.expired);
  } finally {
    answer.watch.stop();
    await answer.response.body?.cancel().catch(() => undefined);
  }
  if (end !== Infinity && sink.position < end)
    throw new TryAgain(
      `${remote.url.host} sent ${sink.position - first} of ${end - first} bytes and closed the connection`,
    );
}

/** Of a file that has changed meanwhile the server sends all, with 200. */
const sameFile = ({ validator }: RemoteFile): Readonly<Record<string, string>> =>
  validator === undefined ? {} : { 'if-range': validator };

function checkAnswer({ remote, refuse }: FetchOptions, { response }: HubResponse, first: number, end: number): void {
  if (response.status === 416) {
    const total = /^bytes \*\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1];
    throw wrongLength(remote, total === undefined ? 'fewer' : `${total}`);
  }
  if (response.status === 206) {
    const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
    // Browsers show the header only where the server says that they may; the hash decides then.
    if (response.headers.get('content-range') === null && remote.hash) return;
    if (!range || Number(range[1]) !== first)
      throw wrongLength(remote, `the range ${response.headers.get('content-range')} for bytes from ${first}`);
    if (remote.bytes !== undefined && range[3] !== '*' && Number(range[3]) !== remote.bytes)
      throw wrongLength(remote, range[3]!);
    return;
  }
  if (response.status !== 200) throw refuse(response);
  const length = response.headers.get('content-length');
  if (
    remote.bytes !== undefined &&
    length !== null &&
    Number(length) !== remote.bytes &&
    !response.headers.has('content-encoding')
  )
    throw wrongLength(remote, length);
  if (first > 0 || (remote.bytes !== undefined && end < remote.bytes)) throw new RangesIgnored();
}

function wrongLength({ source, file, url, bytes }: RemoteFile, actual: string): PretrainedError {
  return new PretrainedError(
    'download',
    source,
    `${source}: ${file}: expected ${bytes ?? 'an unknown number of'} bytes, got ${actual} from ${url.host}.`,
  );
}

/** Errors of the file system have a code such as `ENOSPC` and name the call. */
export function isDiskError(error: unknown): error is Error & { readonly code: string } {
  return (
    error instanceof Error &&
    'syscall' in error &&
    ['write', 'open', 'fsync', 'ftruncate', 'mkdir', 'rename'].includes(String(error.syscall))
  );
}
