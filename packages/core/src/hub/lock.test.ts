import { readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { hubWorld } from '../../test/hub-world';
import { nodeCacheFiles as files } from '../platform/node-cache-files';
import { takeLock } from './lock';

const world = hubWorld();
const path = () => join(world.cache(), '.locks', 'x.tesserae');
/** The number of a process that has ended: larger than any system gives. */
const gone = 2 ** 31 - 2;
const owner = (process: number, host = hostname()) => JSON.stringify({ process, host });

describe('a lock', () => {
  it('is held by one at a time', async () => {
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        const lock = await takeLock(files, path(), 'it');
        inside += 1;
        most = Math.max(most, inside);
        await delay(5);
        inside -= 1;
        await lock.release();
      }),
    );
    expect(most).toBe(1);
    await expect(readFile(path())).rejects.toThrow('ENOENT');
  });

  it.each([
    ['a process that was killed', owner(gone), 0],
    ['this process number in an earlier life', owner(process.pid), 0],
    ['another machine, silent for long', owner(1, 'elsewhere'), 120],
    ['nobody knows whom, silent for long', 'rubbish', 120],
  ])('left by %s is taken over, by one of many', async (_, text, ageSeconds) => {
    await files.createExclusively(path(), text);
    const then = new Date(Date.now() - 1000 * ageSeconds);
    await utimes(path(), then, then);
    let inside = 0;
    await Promise.all(
      Array.from({ length: 5 }, async () => {
        const lock = await takeLock(files, path(), 'it');
        expect((inside += 1)).toBe(1);
        await delay(2);
        inside -= 1;
        await lock.release();
      }),
    );
  });

  it.each([
    ['a living process', owner(process.ppid)],
    ['another machine', owner(gone, 'elsewhere')],
    ['one that is just being written', ''],
  ])('of %s is waited for, until an abort', async (_, text) => {
    await files.createExclusively(path(), text);
    const reason = new Error('enough');
    const signal = AbortSignal.timeout(150);
    await expect(takeLock(files, path(), 'it', signal)).rejects.toMatchObject({ name: 'TimeoutError' });
    await expect(takeLock(files, path(), 'it', AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(await readFile(path(), 'utf8')).toBe(text);
  });

  it('in a folder that cannot be written says so', async () => {
    await writeFile(join(world.cache(), 'file'), '');
    await expect(takeLock(files, join(world.cache(), 'file', 'lock'), 'it')).rejects.toMatchObject({
      name: 'PretrainedError',
      code: 'download',
      message: expect.stringMatching(/cannot be written \((ENOTDIR|EEXIST)\).*HF_HUB_CACHE/),
    });
  });
});
