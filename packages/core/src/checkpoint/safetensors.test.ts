import { open, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { floats, safetensors } from '../../test/attacks/file-writers';
import { bytesOf, uint64 } from '../../test/attacks/pickle-writer';
import { temporaryFiles, values } from '../../test/temporary-files';
import { openCheckpoint } from './open-checkpoint';
import { readRawBytes } from './raw-bytes';

const files = temporaryFiles();
const abc = safetensors(
  {
    __metadata__: { format: 'pt' },
    b: { dtype: 'I64', shape: [2], data_offsets: [16, 32] },
    a: { dtype: 'F32', shape: [2, 2], data_offsets: [0, 16] },
    half: { dtype: 'F16', shape: [], data_offsets: [32, 34] },
    empty: { dtype: 'F32', shape: [0, 3], data_offsets: [34, 34] },
    fp8: { dtype: 'F8_E4M3', shape: [2], data_offsets: [34, 36] },
  },
  bytesOf(floats(1, 2, 3, 4), uint64(7), uint64(2n ** 64n - 5n), Uint8Array.of(0, 0xbc), Uint8Array.of(1, 2)),
);

describe('safetensors', () => {
  it('reads every kind of tensor from a file and from bytes', async () => {
    for (const input of [
      abc,
      await files.write('abc.safetensors', abc),
      pathToFileURL(join(files.folder(), 'abc.safetensors')),
      new Blob([abc as BlobPart]),
    ]) {
      const checkpoint = await openCheckpoint(input);
      expect(checkpoint.format).toBe('safetensors');
      expect(checkpoint.keys()).toEqual(['a', 'b', 'half', 'empty', 'fp8']);
      expect(checkpoint.metadata).toEqual({ format: 'pt' });
      expect(checkpoint.shape('a')).toEqual([2, 2]);
      expect(await values(checkpoint, 'a')).toEqual([1, 2, 3, 4]);
      expect(await values(checkpoint, 'b')).toEqual([7, -5]);
      expect(await values(checkpoint, 'half')).toEqual([-1]);
      expect(await values(checkpoint, 'empty')).toEqual([]);
      expect(checkpoint.shape('fp8')).toEqual([2]);
      expect(() => checkpoint.tensor('fp8')).toThrowError(
        expect.objectContaining({ code: 'unsupported-dtype', message: expect.stringContaining('fp8') }),
      );
      expect(() => checkpoint.tensor('c')).toThrowError(expect.objectContaining({ code: 'not-found', missing: ['c'] }));
      await checkpoint.close();
      await checkpoint.close();
    }
  });

  it('points into real files and reads bytes in memory', async () => {
    const path = await files.write('stored.bin', abc);
    const stored = await openCheckpoint(path);
    const start = abc.length - 36;
    expect(stored.tensor('b').recipe).toEqual({
      kind: 'stored',
      file: path,
      offset: start + 16,
      dtype: 'I64',
      shape: [2],
    });
    expect(stored.tensor('empty').recipe.kind).toBe('values');
    expect(stored.files).toEqual([{ path, bytes: abc.length }]);
    const inMemory = await openCheckpoint(abc);
    expect(inMemory.tensor('a').recipe).toMatchObject({ kind: 'values', dtype: 'F32', shape: [2, 2] });
    expect(inMemory.files).toEqual([]);
    await stored.close();
  });

  it('gives values that the caller owns', async () => {
    const bytes = abc.slice();
    const checkpoint = await openCheckpoint(bytes);
    const read = await checkpoint.tensor('a').read();
    read.fill(9);
    expect(await values(checkpoint, 'a')).toEqual([1, 2, 3, 4]);
  });

  it('gives the bytes as stored', async () => {
    const checkpoint = await openCheckpoint(abc);
    expect(await readRawBytes(checkpoint, 'b')).toEqual(bytesOf(uint64(7), uint64(2n ** 64n - 5n)));
    expect(await readRawBytes(checkpoint, 'half')).toEqual(Uint8Array.of(0, 0xbc));
  });

  it('refuses int64 values that int32 cannot hold, naming the tensor', async () => {
    const wide = safetensors({ n: { dtype: 'I64', shape: [1], data_offsets: [0, 8] } }, uint64(2 ** 40));
    const checkpoint = await openCheckpoint(wide, { name: 'wide' });
    await expect(checkpoint.tensor('n').read()).rejects.toMatchObject({
      code: 'unsupported-dtype',
      message: expect.stringContaining('wide: n'),
    });
  });

  it('opens ten gigabytes without reading them', async () => {
    const gigabytes = 10 * 2 ** 30;
    const header = safetensors({
      a: { dtype: 'F32', shape: [gigabytes / 4 - 1], data_offsets: [0, gigabytes - 4] },
      z: { dtype: 'F32', shape: [1], data_offsets: [gigabytes - 4, gigabytes] },
    });
    const path = await files.write('sparse.safetensors', header);
    const handle = await open(path, 'r+');
    await handle.truncate(header.length + gigabytes);
    await handle.write(floats(5), 0, 4, header.length + gigabytes - 4);
    await handle.close();
    const checkpoint = await openCheckpoint(path);
    expect(checkpoint.tensor('a').recipe).toMatchObject({ kind: 'stored', offset: header.length });
    expect(await values(checkpoint, 'z')).toEqual([5]);
    await checkpoint.close();
  });

  it('spools large bytes to a file that close removes', async () => {
    const size = 65 * 2 ** 20;
    const header = safetensors({ a: { dtype: 'F32', shape: [size / 4], data_offsets: [0, size] } });
    const bytes = new Uint8Array(header.length + size);
    bytes.set(header);
    bytes.set(floats(4), header.length);
    for (const input of [bytes, new Blob([bytes])]) {
      const checkpoint = await openCheckpoint(input);
      const { recipe } = checkpoint.tensor('a');
      if (recipe.kind !== 'stored') throw new Error('not stored');
      expect((await stat(recipe.file)).size).toBe(bytes.length);
      expect((await checkpoint.tensor('a').read())[0]).toBe(4);
      await checkpoint.close();
      await expect(stat(recipe.file)).rejects.toThrow('ENOENT');
    }
  });

  it('reads URLs in ranges', async () => {
    const ranges: string[] = [];
    const server = createServer((request, response) => {
      const [, from, to] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '')!;
      ranges.push(`${from}-${to}`);
      response.writeHead(206, { 'content-range': `bytes ${from}-${to}/${abc.length}` });
      response.end(abc.subarray(Number(from), Number(to) + 1));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const checkpoint = await openCheckpoint(new URL(`http://127.0.0.1:${port}/abc`));
    const before = ranges.length;
    expect(await values(checkpoint, 'a')).toEqual([1, 2, 3, 4]);
    expect(ranges.slice(before)).toEqual([`${abc.length - 36}-${abc.length - 21}`]);
    await checkpoint.close();
    await expect(openCheckpoint(new URL(`http://127.0.0.1:1/`))).rejects.toMatchObject({ code: 'download' });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('stops when asked and after close', async () => {
    const controller = new AbortController();
    controller.abort(new Error('enough'));
    await expect(openCheckpoint(abc, { signal: controller.signal })).rejects.toThrow('enough');
    const checkpoint = await openCheckpoint(abc);
    await expect(checkpoint.tensor('a').read(controller.signal)).rejects.toThrow('enough');
    const late = checkpoint.tensor('a');
    await checkpoint.close();
    await expect(late.read()).rejects.toMatchObject({ code: 'closed' });
  });
});
