import { stat } from 'node:fs/promises';
import { glob } from 'tinyglobby';
import { UsageError } from '../command';
import { expandInputs } from './expand-inputs';
import { standardStream } from './standard-stream';

/**
 * `expandInputs`, and folders to the files in them, at any depth, hidden ones left out.
 *
 * @param what - Names what is expected in messages.
 * @param endings - Only files whose names end so: `png`. Default: all.
 * @throws {UsageError} As `expandInputs`; a folder without such a file.
 */
export async function expandFiles(
  operands: readonly string[],
  what: string,
  endings: readonly string[] = [],
): Promise<readonly string[]> {
  const patterns = endings.length === 0 ? ['**/*'] : endings.map((ending) => `**/*.${ending}`);
  const files: string[] = [];
  for (const path of await expandInputs(operands, what)) {
    const isFolder = path !== standardStream && (await stat(path).catch(() => undefined))?.isDirectory() === true;
    if (!isFolder) {
      files.push(path);
      continue;
    }
    const inside = (await glob(patterns, { cwd: path, caseSensitiveMatch: false })).toSorted();
    const missing = endings.length === 0 ? 'files' : what;
    if (inside.length === 0) throw new UsageError(`${path}: a folder without ${missing}.`);
    files.push(...inside.map((name) => `${path.replace(/\/+$/, '')}/${name}`));
  }
  return files;
}
