import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CaseLocation, CaseResult } from '@tesserae/core/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runInChildren } from './worker-pool';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tesserae-worker-pool-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const locations = ['a', 'deadly', 'b', 'c'].map((name): CaseLocation => ({
  folder: name,
  modality: 'text',
  system: 's',
  name,
}));

async function worker(name: string, body: string): Promise<URL> {
  const path = join(folder, `${name}.mjs`);
  await writeFile(path, body);
  return pathToFileURL(path);
}

async function run(script: URL, jobs: number): Promise<Record<string, string>> {
  const outcomes: Record<string, string> = {};
  await runInChildren(locations, { jobs, engine: 'cpu', worker: script }, (index, { status, message }: CaseResult) => {
    outcomes[locations[index]!.name] = message === undefined ? status : `${status}: ${message}`;
  });
  return outcomes;
}

describe('runInChildren', () => {
  it.each([1, 2, 9])('goes on after a process that dies, with %i jobs', async (jobs) => {
    const script = await worker(
      'dies',
      `process.on('message', ({ index, location }) => {
        if (location.name === 'deadly') process.kill(process.pid, 'SIGKILL');
        else process.send({ index, result: { status: 'ok' } });
      });
      process.on('disconnect', () => process.exit(0));
      process.send({});`,
    );
    const died = 'FAIL: the process that ran it ended (SIGKILL)';
    expect(await run(script, jobs)).toEqual({ a: 'ok', deadly: died, b: 'ok', c: 'ok' });
  });

  it('says when the processes cannot start', async () => {
    const script = await worker('broken', 'process.exit(3);');
    await expect(run(script, 2)).rejects.toThrow('the worker process ended at its start (3)');
  });
});
