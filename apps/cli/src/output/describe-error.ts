import { TesseraeError } from '@tesserae/core/data';

const systemMessages: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'the file system is read-only',
  ENOENT: 'no such file or folder',
  EISDIR: 'is a folder',
  ENOTDIR: 'a part of the path is no folder',
  EEXIST: 'exists already',
};

/** One clear line for an error; with `verbose` its stack as well. */
export function describeError(error: unknown, verbose = false): string {
  if (!(error instanceof Error)) return String(error);
  if (verbose && error.stack) return error.stack;
  if (TesseraeError.isInstance(error)) return error.message;
  const { code, path } = error as NodeJS.ErrnoException;
  const known = code === undefined ? undefined : systemMessages[code];
  if (known !== undefined) return path === undefined ? known : `${path}: ${known}`;
  return error.message;
}
