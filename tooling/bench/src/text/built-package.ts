import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../../../../packages/text/', import.meta.url));

/** `@tesserae/text` as it is published, in a folder of its own. */
export interface BuiltPackage {
  readonly folder: string;
  remove(): void;
}

/** The entries of the package that are measured. */
const entries = ['index', 'vocabularies/cl100k_base', 'vocabularies/o200k_base'];

/**
 * Builds the package as it stands, without its types: what users run is measured, not the sources through a loader.
 *
 * @param more - Entries beside those that encode.
 * @throws {Error} It does not build.
 */
export function buildTextPackage(more: readonly string[] = []): BuiltPackage {
  const folder = mkdtempSync(join(tmpdir(), 'tesserae-text-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const manifest = createRequire(join(source, 'package.json')).resolve('tsup/package.json');
  const program = join(dirname(manifest), 'dist', 'cli-default.js');
  const chosen = [...entries, ...more].flatMap((entry) => [`--entry.${entry}`, `src/${entry}.ts`]);
  const given = [program, ...chosen, '--no-dts', '--silent', '--out-dir', folder];
  const { status, stderr } = spawnSync(process.execPath, given, { cwd: source, encoding: 'utf8' });
  if (status === 0) {
    // Node would read every file twice to find out what it is.
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
    return { folder, remove };
  }
  remove();
  throw new Error(`packages/text does not build: ${stderr.trim().split('\n')[0] ?? ''}`);
}
