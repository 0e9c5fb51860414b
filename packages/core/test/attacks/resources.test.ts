import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { attackCorpus } from './attack-corpus';
import type { ResourcesUsed } from './resources-child';

const maximumMilliseconds = 2000;
const maximumRatio = 4;
/** What the collector leaves lying about and the reader's own blocks, however small the file is. */
const ownBytes = 64 * 2 ** 20;

it('no hostile file takes 2 s of CPU time or 4 times its size in memory', { timeout: 300_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'attack-test-'));
  try {
    const files = attackCorpus.map(({ name, make }) => ({ name, bytes: make() }));
    const ordered = files.toSorted((a, b) => a.bytes.length - b.bytes.length);
    const paths: string[] = [];
    for (const [index, { bytes }] of ordered.entries()) {
      const path = join(folder, `${index}`);
      await writeFile(path, bytes);
      paths.push(path);
    }
    const script = fileURLToPath(new URL('resources-child.ts', import.meta.url));
    // A process of its own: only what the readers take is counted.
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--conditions=@tesserae/source', '--expose-gc', '--import', import.meta.resolve('tsx'), script, ...paths],
      { maxBuffer: 2 ** 24 },
    );
    const used = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as ResourcesUsed);
    expect(used).toHaveLength(ordered.length);
    const faults = ordered
      .map(({ name, bytes }, index) => ({ name, size: bytes.length, ...used[index]! }))
      .filter(
        ({ size, milliseconds, bytes }) => milliseconds > maximumMilliseconds || bytes > maximumRatio * size + ownBytes,
      );
    expect(faults).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
