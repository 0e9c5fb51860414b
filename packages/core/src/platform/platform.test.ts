import { mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platform } from './node';
import { platform as web } from './web';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'platform-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('platform of Node', () => {
  it('reads ranges and resolves links', async () => {
    await writeFile(join(folder, 'file'), 'abcdef');
    await symlink(join(folder, 'file'), join(folder, 'link'));
    const source = await platform.openFile(join(folder, 'link'));
    expect([source.size, source.file, source.name]).toEqual([6, join(folder, 'file'), join(folder, 'link')]);
    expect(await source.read(2, 3)).toEqual(new TextEncoder().encode('cde'));
    await expect(source.read(4, 3)).rejects.toMatchObject({ code: 'malformed' });
    await expect(source.read(-1, 3)).rejects.toMatchObject({ code: 'malformed' });
    await source.close();
    await source.close();
    await expect(source.read(0, 1)).rejects.toMatchObject({ code: 'closed' });
    expect(await platform.realPath(join(folder, 'link'))).toBe(join(folder, 'file'));
    expect(platform.pathOfUrl(pathToFileURL(join(folder, 'a b')))).toBe(join(folder, 'a b'));
    expect(platform.pathOfUrl(new URL('https://example.org/'))).toBeUndefined();
  });

  it('notices a file that is cut while open', async () => {
    const path = join(folder, 'cut');
    await writeFile(path, 'abcdef');
    const source = await platform.openFile(path);
    await writeFile(path, 'ab');
    await expect(source.read(0, 6)).rejects.toMatchObject({
      code: 'malformed',
      message: expect.stringContaining('cut while open'),
    });
    await source.close();
  });

  it('lists folders and tells facts', async () => {
    expect((await platform.listFolder(folder)).map(({ name, kind }) => `${name}:${kind}`)).toContain('link:file');
    expect(await platform.fileFacts(join(folder, 'absent'))).toBeUndefined();
    expect(await platform.fileFacts(folder)).toMatchObject({ kind: 'folder' });
    await expect(platform.listFolder(join(folder, 'absent'))).rejects.toMatchObject({ code: 'unreadable' });
  });

  it('writes whole files or none', async () => {
    const path = join(folder, 'made', 'out');
    await platform.writeFileAtomically(path, new TextEncoder().encode('one'));
    async function* failing() {
      yield new TextEncoder().encode('tw');
      throw new Error('source failed');
    }
    await expect(platform.writeFileAtomically(path, failing())).rejects.toThrow('source failed');
    expect(await readFile(path, 'utf8')).toBe('one');
    expect(await readdir(join(folder, 'made'))).toEqual(['out']);
    const controller = new AbortController();
    controller.abort(new Error('enough'));
    await expect(
      platform.writeFileAtomically(join(folder, 'never'), new Uint8Array(1), { signal: controller.signal }),
    ).rejects.toThrow('enough');
    expect(await platform.fileFacts(join(folder, 'never'))).toBeUndefined();
    await platform.remove(join(folder, 'made'));
    await platform.remove(join(folder, 'made'));
  });

  it('spools to a file that disappears on close', async () => {
    const source = (await platform.spool(new TextEncoder().encode('spooled'), 'blob'))!;
    expect([source.name, source.size]).toEqual(['blob', 7]);
    expect(await readFile(source.file!, 'utf8')).toBe('spooled');
    await source.close();
    expect(await platform.fileFacts(source.file!)).toBeUndefined();
  });

  it('knows the machine', () => {
    expect(platform.physicalCores()).toBeGreaterThanOrEqual(1);
    expect(platform.totalMemoryBytes()).toBeGreaterThan(2 ** 24);
    expect(platform.cacheDirectory()).toMatch(/tesserae$/);
    expect(platform.environmentVariable('TESSERAE_SURELY_NOT_SET')).toBeUndefined();
  });
});

describe('platform of browsers', () => {
  it('offers what is possible and refuses the rest', async () => {
    await expect(web.openFile('x')).rejects.toMatchObject({ code: 'unsupported' });
    expect(await web.spool(new Uint8Array(1), 'x')).toBeUndefined();
    expect(web.pathOfUrl(new URL('file:///x'))).toBeUndefined();
    expect(web.physicalCores()).toBeGreaterThanOrEqual(1);
  });
});
