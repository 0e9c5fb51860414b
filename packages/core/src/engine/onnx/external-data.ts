import { platform } from '#platform';
import { EngineError } from '../../errors/engine-error';

/** Where files lie for ONNX Runtime: locations are relative and stay inside of one real folder. */
export interface ExternalFiles {
  readonly folder: string;
  /** Location of each file, keyed by the path that was given. */
  readonly locations: ReadonlyMap<string, string>;
}

/** Undefined where no folder holds all files (two drives of Windows). Paths must be absolute. */
export async function locateFiles(files: readonly string[]): Promise<ExternalFiles | undefined> {
  const real = await Promise.all(files.map((file) => platform.realPath(file)));
  const folder = commonFolder(real);
  if (folder === undefined) return undefined;
  return { folder, locations: new Map(files.map((file, index) => [file, relativeTo(folder, real[index]!)])) };
}

const separator = /[\\/]/;

/** The deepest folder that holds all files: `/a` for `/a/b/c` and `/a/d`. */
export function commonFolder(files: readonly string[]): string | undefined {
  const [first, ...others] = files.map((file) => ({ file, parts: file.split(separator) }));
  if (!first) return undefined;
  const limit = Math.min(...files.map((file) => file.split(separator).length - 1));
  let shared = 0;
  while (shared < limit && others.every(({ parts }) => parts[shared] === first.parts[shared])) shared += 1;
  if (shared === 0) return undefined;
  const length = first.parts.slice(0, shared).join('/').length;
  // A root keeps its separator: `/`, `C:\`.
  return shared === 1 ? first.file.slice(0, length + 1) : first.file.slice(0, length);
}

/** `file` as seen from `folder`, with `/`. */
export function relativeTo(folder: string, file: string): string {
  return file
    .slice(folder.length)
    .replace(/^[\\/]/, '')
    .replaceAll('\\', '/');
}

interface Seen {
  readonly bytes: number;
  readonly modifiedMilliseconds: number;
}

/** Remembers files as they are now, and checks later that they still are. */
export interface FileWatch {
  /** @throws {EngineError} `weights-changed` for a file that is gone, or of another size or time. */
  check(files: readonly string[]): Promise<void>;
}

/** Files are remembered when they are checked for the first time. */
export function watchFiles(engine: string, name: string): FileWatch {
  const seen = new Map<string, Seen>();
  return {
    async check(files) {
      for (const file of files) {
        const facts = await platform.fileFacts(file);
        const before = seen.get(file);
        const expected = before
          ? `${before.bytes} bytes of ${new Date(before.modifiedMilliseconds).toISOString()}`
          : 'a file';
        if (facts?.kind !== 'file') {
          throw new EngineError('weights-changed', engine, name, `${file}: expected ${expected}, got nothing.`);
        }
        const { bytes, modifiedMilliseconds } = facts;
        if (!before) seen.set(file, { bytes, modifiedMilliseconds });
        else if (before.bytes !== bytes || before.modifiedMilliseconds !== modifiedMilliseconds) {
          const actual = `${bytes} bytes of ${new Date(modifiedMilliseconds).toISOString()}`;
          throw new EngineError(
            'weights-changed',
            engine,
            name,
            `${file}: expected ${expected}, got ${actual}; load it again.`,
          );
        }
      }
    },
  };
}
