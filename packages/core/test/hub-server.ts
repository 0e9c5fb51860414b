import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A repository as the test hub offers it. */
export interface TestRepository {
  readonly commit: string;
  /** Branches and tags; `main` is the commit where it is not named. */
  readonly refs?: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** Files that a SHA-256 names and another host serves; default: those that are no JSON and no Markdown. */
  readonly isLarge?: (file: string) => boolean;
  readonly license?: string;
  /** Token without which the hub answers 401. */
  readonly token?: string;
  /** Whether the licence has to be accepted first: 403 with a token, 401 without. */
  readonly gated?: boolean;
}

/** What goes wrong with one answer. */
export type Fault =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** The connection breaks after so many bytes of the body. */
  | { readonly cutAfter: number }
  /** Nothing comes after so many bytes of the body, and the connection stays open. */
  | { readonly stallAfter: number }
  | { readonly redirect: string }
  /** The file is so long, whatever was announced. */
  | { readonly length: number }
  /** One bit is another. */
  | { readonly flippedBit: true }
  /** `Range` is not understood: the whole file with 200. */
  | { readonly ignoresRange: true }
  /** Another header than the true one; an empty value leaves it out. */
  | { readonly headers: Readonly<Record<string, string>> };

export interface SeenRequest {
  readonly host: 'hub' | 'storage';
  readonly method: string;
  /** Decoded, without the query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** First and last byte asked for. */
  readonly range: readonly [first: number, last: number | undefined] | undefined;
  /** Bytes of the body that were handed to the socket. */
  sent: number;
}

export interface HubServer {
  /** Endpoint, `http://127.0.0.1:1234`. */
  readonly url: string;
  readonly storageUrl: string;
  readonly requests: SeenRequest[];
  /** Decides what goes wrong; `count` counts the requests with the same method and path, from 0. */
  fault: (request: SeenRequest, count: number) => Fault | undefined;
  /** Bytes of a second that one connection carries; default: no limit. */
  bytesPerSecond: number;
  /** Bytes of files that were handed to sockets. */
  bytesSent(): number;
  close(): Promise<void>;
}

const chunkBytes = 16 * 1024;

/** A hub on loopback with a storage host of its own origin: plays the whole protocol and every fault. */
export async function startHubServer(repositories: Readonly<Record<string, TestRepository>>): Promise<HubServer> {
  const requests: SeenRequest[] = [];
  const hub: HubServer = {
    url: '',
    storageUrl: '',
    requests,
    fault: () => undefined,
    bytesPerSecond: Infinity,
    bytesSent: () => requests.reduce((sum, { sent }) => sum + sent, 0),
    close: () => Promise.all(servers.map(stop)).then(() => undefined),
  };
  const answer = (host: SeenRequest['host']) => (request: IncomingMessage, response: ServerResponse) => {
    const seen = record(host, request);
    const count = requests.filter(({ method, path }) => method === seen.method && path === seen.path).length;
    requests.push(seen);
    const fault = hub.fault(seen, count);
    const handle = host === 'hub' ? answerHub : answerStorage;
    handle({ hub, repositories, seen, response, fault }).catch(() => response.destroy());
  };
  const servers = [createServer(answer('hub')), createServer(answer('storage'))];
  // Two names for this machine: to a client they are two hosts.
  const [url, storageUrl] = await Promise.all([listen(servers[0]!, '127.0.0.1'), listen(servers[1]!, 'localhost')]);
  return Object.assign(hub, { url, storageUrl });
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Name of a file in git: SHA-1 over a header and the bytes. */
export const gitHash = (bytes: Uint8Array): string =>
  createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');

interface Exchange {
  readonly hub: HubServer;
  readonly repositories: Readonly<Record<string, TestRepository>>;
  readonly seen: SeenRequest;
  readonly response: ServerResponse;
  readonly fault: Fault | undefined;
}

function record(host: SeenRequest['host'], { method = 'GET', url = '/', headers }: IncomingMessage): SeenRequest {
  const range = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '');
  return {
    host,
    method,
    path: decodeURIComponent(new URL(url, 'http://x').pathname),
    headers,
    range: range ? [Number(range[1]), range[2] ? Number(range[2]) : undefined] : undefined,
    sent: 0,
  };
}

async function answerHub(exchange: Exchange): Promise<void> {
  const { hub, repositories, seen, response, fault } = exchange;
  if (fault && 'status' in fault) return end(response, fault.status, fault.headers);
  if (fault && 'redirect' in fault) return end(response, 302, { location: fault.redirect });
  const listing = /^\/api\/models\/([^/]+\/[^/]+)\/revision\/(.+)$/.exec(seen.path);
  const file = /^\/([^/]+\/[^/]+)\/resolve\/([^/]+|refs\/pr\/\d+)\/(.+)$/.exec(seen.path);
  const [, name = '', revision = '', path = ''] = listing ?? file ?? [];
  const repository = repositories[name];
  if (!repository) return refuse(response, 401, 'RepoNotFound');
  const { commit, refs = {}, token, gated, isLarge = (each: string) => !/\.(json|md)$/.test(each) } = repository;
  const given = seen.headers.authorization;
  if (gated) return refuse(response, given ? 403 : 401, 'GatedRepo');
  if (token !== undefined && given !== `Bearer ${token}`) return refuse(response, 401, 'RepoNotFound');
  const commits = [commit, ...Object.values(refs)];
  const found = commits.includes(revision) ? revision : { main: commit, ...refs }[revision];
  if (found === undefined) return refuse(response, 404, 'RevisionNotFound');
  if (listing) return list(response, found, repository, isLarge);
  const bytes = repository.files[path];
  if (!bytes) return refuse(response, 404, 'EntryNotFound', { 'x-repo-commit': found });
  if (!isLarge(path))
    return serve(exchange, bytes, { etag: `"${gitHash(bytes)}"`, 'x-repo-commit': found, ...headersOf(fault) });
  return end(response, 302, {
    location: `${hub.storageUrl}/${sha256(bytes)}`,
    'x-repo-commit': found,
    'x-linked-etag': `"${sha256(bytes)}"`,
    'x-linked-size': String(bytes.length),
    ...headersOf(fault),
  });
}

async function answerStorage(exchange: Exchange): Promise<void> {
  const { repositories, seen, response, fault } = exchange;
  if (fault && 'status' in fault) return end(response, fault.status, fault.headers);
  if (fault && 'redirect' in fault) return end(response, 302, { location: fault.redirect });
  const all = Object.values(repositories).flatMap(({ files }) => Object.values(files));
  const bytes = all.find((each) => `/${sha256(each)}` === seen.path);
  if (!bytes) return end(response, 404);
  return serve(exchange, bytes, { etag: '"storage"', ...headersOf(fault) });
}

const headersOf = (fault: Fault | undefined) => (fault && 'headers' in fault ? fault.headers : {});

function refuse(response: ServerResponse, status: number, code: string, headers = {}): void {
  end(response, status, { 'x-error-code': code, 'x-error-message': code, ...headers });
}

function end(response: ServerResponse, status: number, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, present(headers)).end();
}

const present = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''));

function list(
  response: ServerResponse,
  commit: string,
  { files, license, gated }: TestRepository,
  isLarge: (file: string) => boolean,
): void {
  const siblings = Object.entries(files).map(([rfilename, bytes]) => ({
    rfilename,
    size: bytes.length,
    blobId: gitHash(bytes),
    ...(isLarge(rfilename) && { lfs: { sha256: sha256(bytes), size: bytes.length, pointerSize: 134 } }),
  }));
  const document = { sha: commit, siblings, gated: gated ?? false, ...(license && { cardData: { license } }) };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document));
}

/** The bytes, or a range of them, with whatever goes wrong. */
async function serve(
  { hub, seen, response, fault }: Exchange,
  whole: Uint8Array,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  let bytes = whole;
  if (fault && 'length' in fault) bytes = Uint8Array.from({ length: fault.length }, (_, i) => whole[i] ?? 0);
  if (fault && 'flippedBit' in fault) bytes = Uint8Array.from(whole, (byte, i) => (i === 1 ? byte ^ 1 : byte));
  const range = fault && 'ignoresRange' in fault ? undefined : seen.range;
  const [first, last = bytes.length - 1] = range ?? [0];
  if (range && first >= bytes.length) return end(response, 416, { 'content-range': `bytes */${bytes.length}` });
  const body = bytes.subarray(first, last + 1);
  const shown = {
    'content-length': String(body.length),
    ...(range && { 'content-range': `bytes ${first}-${first + body.length - 1}/${bytes.length}` }),
    ...headers,
  };
  response.writeHead(range ? 206 : 200, present(shown));
  if (seen.method === 'HEAD') return void response.end();
  response.flushHeaders();
  const cut = fault && 'cutAfter' in fault ? fault.cutAfter : Infinity;
  const stall = fault && 'stallAfter' in fault ? fault.stallAfter : Infinity;
  const limit = Math.min(body.length, cut, stall);
  while (seen.sent < limit && !response.destroyed) {
    const chunk = body.subarray(seen.sent, Math.min(limit, seen.sent + chunkBytes));
    seen.sent += chunk.length;
    if (!response.write(chunk)) await drained(response);
    if (hub.bytesPerSecond < Infinity) await delay((1000 * chunk.length) / hub.bytesPerSecond);
  }
  if (cut < body.length) {
    // What was written leaves the machine before the connection breaks.
    await delay(20);
    return void response.destroy();
  }
  if (stall >= body.length) response.end();
}

/** Until the socket takes more, or is gone. */
async function drained(response: ServerResponse): Promise<void> {
  const waiting = new AbortController();
  const { signal } = waiting;
  await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]);
  waiting.abort();
}

async function listen(server: Server, host: string): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return `http://${host}:${(server.address() as AddressInfo).port}`;
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
