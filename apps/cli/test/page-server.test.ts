import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPageServer, host } from '../src/page/page-server';

let folder = '';
let server: Server;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'page-server-'));
  await mkdir(join(folder, 'page/parts'), { recursive: true });
  await writeFile(join(folder, 'secret.html'), 'not for you');
  await writeFile(join(folder, 'page/index.html'), '<p>ß</p>');
  await writeFile(join(folder, 'page/parts/a.js'), 'export {};');
  await writeFile(join(folder, 'page/code.wasm'), '');
  await writeFile(join(folder, 'page/notes.md'), 'not part of the page');
  server = await createPageServer(join(folder, 'page'));
  server.listen(0, host);
  await once(server, 'listening');
});

afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

interface Asked {
  readonly method?: string;
  readonly name?: string;
}

/** `fetch` would tidy the path and take no other host. */
async function ask(path: string, { method = 'GET', name = 'localhost' }: Asked = {}) {
  const { port } = server.address() as AddressInfo;
  const asked = request({ host, port, path, method, headers: { host: name } });
  asked.end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode, headers: response.headers, text: Buffer.concat(chunks).toString() };
}

describe('the server of the page', () => {
  it('gives the files of the page with their types', async () => {
    for (const path of ['/', '/index.html', '/?x=1'])
      expect(await ask(path)).toMatchObject({ status: 200, text: '<p>ß</p>' });
    const { headers } = await ask('/parts/a.js', { method: 'HEAD', name: '127.0.0.1:4180' });
    expect(headers).toMatchObject({ 'content-type': 'text/javascript; charset=utf-8', 'content-length': '10' });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).not.toContain('http');
  });

  it('loosens what an app needs, and that alone', async () => {
    const strict = (await ask('/')).headers['content-security-policy'];
    const other = await createPageServer(join(folder, 'page'), { 'connect-src': "'self'" });
    other.listen(0, host);
    await once(other, 'listening');
    try {
      const response = await fetch(`http://${host}:${(other.address() as AddressInfo).port}/code.wasm`);
      expect(response.headers.get('content-type')).toBe('application/wasm');
      expect(response.headers.get('content-security-policy')).toBe(`${strict}; connect-src 'self'`);
      await response.arrayBuffer();
    } finally {
      other.closeAllConnections();
      other.close();
    }
  });

  it('gives nothing else, to nobody else', async () => {
    for (const path of [
      '/../secret.html',
      '/%2e%2e/secret.html',
      '/parts/',
      '/notes.md',
      '//index.html',
      '/parts/../index.html',
    ])
      expect((await ask(path)).status).toBe(404);
    expect((await ask('/', { method: 'POST' })).status).toBe(405);
    for (const name of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example'])
      expect((await ask('/', { name })).status).toBe(421);
  });
});
