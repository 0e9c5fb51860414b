import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kernels } from '..';
import type { CaseTable } from './harness';

/** Every table of generators in this folder, of whatever family. */
async function generatorTables(): Promise<CaseTable[]> {
  const files = readdirSync(new URL('.', import.meta.url)).filter((file) => file.endsWith('-cases.ts'));
  const modules = await Promise.all(files.map((file) => import(`./${file}`) as Promise<Record<string, unknown>>));
  return modules.flatMap((module) =>
    Object.entries(module).flatMap(([name, value]) => (name.endsWith('Cases') ? [value as CaseTable] : [])),
  );
}

describe('differential cases', () => {
  it('exercise every kernel that can be compiled', async () => {
    const covered = new Set((await generatorTables()).flatMap((table) => Object.keys(table)));
    expect(Object.keys(kernels).filter((kernel) => !covered.has(kernel))).toEqual([]);
  });
});
