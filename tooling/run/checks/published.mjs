import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { asOne } from '../gates.mjs';
import { capture, inParallel } from '../processes.mjs';
import { publishedWorkspaces } from './workspaces.mjs';

/** Packs every published workspace; resolves to the tarball of each package name. */
export async function packAll(folder) {
  const packed = await inParallel(2, publishedWorkspaces(), async ({ folder: cwd, manifest }) => {
    const { code, output, stdout } = await capture('pnpm', ['pack', '--json', '--pack-destination', folder], { cwd });
    if (code !== 0) throw new Error(`pnpm pack failed in ${basename(cwd)}:\n${output}`);
    const { filename } = JSON.parse(stdout.slice(stdout.indexOf('{')));
    return [manifest.name, filename];
  });
  return new Map(packed);
}

/** publint and "are the types wrong" on the tarballs, as npm users would get them. */
export async function checkExports() {
  const folder = mkdtempSync(join(tmpdir(), 'tesserae-pack-'));
  try {
    const tarballs = await packAll(folder);
    const results = await inParallel(2, publishedWorkspaces(), async ({ manifest }) => {
      const tarball = tarballs.get(manifest.name);
      const lint = await capture('publint', ['run', tarball, '--strict']);
      // A command has no entries whose types could be wrong.
      if (lint.code !== 0 || manifest.bin !== undefined) return lint;
      return capture('attw', [
        tarball,
        '--profile',
        'esm-only',
        '--no-color',
        '--format',
        'ascii',
        ...withoutTypes(manifest),
      ]);
    });
    const failed = results.filter(({ code }) => code !== 0);
    if (failed.length > 0) return { failed: 1, output: failed.map(({ output }) => output).join('\n') };
    return { passed: 1, detail: `${tarballs.size} tarballs` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Entries that are no code: the manifest and model files. */
function withoutTypes({ exports }) {
  const entries = Object.keys(exports).filter((entry) => entry.endsWith('*') || entry.endsWith('.json'));
  return entries.length === 0 ? [] : ['--exclude-entrypoints', ...entries];
}

export const checkUnused = async () => asOne(await capture('knip', ['--no-progress', '--no-config-hints']));

export const checkSizes = async () => asOne(await capture('size-limit', []));
