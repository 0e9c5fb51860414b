import { readdir, readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname, join, posix, sep } from 'node:path';

/** Only this machine. */
export const host = '127.0.0.1';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
  '.safetensors': 'application/octet-stream',
};

/** Directives of a content security policy. */
export type PagePolicy = Readonly<Record<string, string>>;

/** Nothing but the page's own files is loaded, and nothing is sent anywhere. */
const strictPolicy: PagePolicy = {
  'default-src': "'none'",
  'script-src': "'self'",
  'worker-src': "'self'",
  'style-src': "'self'",
  'img-src': 'data:',
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
};

const fixedHeaders: Readonly<Record<string, string>> = {
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-cache',
};

const headersOf = (policy: PagePolicy): Readonly<Record<string, string>> => ({
  'content-security-policy': Object.entries({ ...strictPolicy, ...policy })
    .map((directive) => directive.join(' '))
    .join('; '),
  ...fixedHeaders,
});

type PageFiles = ReadonlyMap<string, { readonly type: string; readonly bytes: Uint8Array }>;

/**
 * A server of a folder's pages, scripts, styles, WebAssembly and weights, and nothing else. It answers only requests for this machine by name or
 * number: a foreign page that made its own name point here gets nothing.
 *
 * @param folder - Read once; what is not in it then is not there.
 * @param policy - Directives that are other than the strict ones, which load scripts and styles of the folder alone and
 *   open no connection.
 * @returns Not listening yet.
 */
export async function createPageServer(folder: string, policy: PagePolicy = {}): Promise<Server> {
  const files = await readPageFiles(folder);
  const headers = headersOf(policy);
  return createServer((request, response) => answer(files, headers, request, response));
}

async function readPageFiles(folder: string): Promise<PageFiles> {
  const files = new Map<string, { readonly type: string; readonly bytes: Uint8Array }>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const type = contentTypes[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(join(folder, sep).length).split(sep).join('/');
    files.set(posix.join('/', name), { type, bytes: await readFile(path) });
  }
  return files;
}

function answer(
  files: PageFiles,
  headers: Readonly<Record<string, string>>,
  { method, url = '/', headers: asked }: IncomingMessage,
  response: ServerResponse,
): void {
  const refuse = (status: number, text: string) => {
    response.writeHead(status, { ...headers, 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
  };
  if (!/^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/u.test(asked.host ?? '')) {
    refuse(421, 'This server is for localhost only.');
  } else if (method !== 'GET' && method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    refuse(405, 'There is nothing to send here.');
  } else {
    const [path = '/'] = url.split('?', 1);
    const file = files.get(path === '/' ? '/index.html' : path);
    if (!file) return refuse(404, 'There is no such page.');
    const { type, bytes } = file;
    response.writeHead(200, { ...headers, 'content-type': type, 'content-length': bytes.length });
    response.end(method === 'HEAD' ? undefined : bytes);
  }
}
