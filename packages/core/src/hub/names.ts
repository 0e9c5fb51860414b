import { InputError } from '../errors/input-error';
import { PretrainedError } from '../errors/pretrained-error';

const commitPattern = /^[0-9a-f]{40}$/;

export const isCommit = (text: string): boolean => commitPattern.test(text);

/**
 * `owner/name` as the hub allows it. The name becomes a folder, with `--` for the slash: neither may hold what leads
 * elsewhere or means two repositories.
 *
 * @throws {InputError}
 */
export function assertRepository(repository: string): void {
  const parts = repository.split('/');
  const isName = (part: string) => /^[\w.-]{1,96}$/.test(part) && !/^[.-]|[.-]$|\.\.|--/.test(part);
  if (parts.length === 2 && parts.every(isName)) return;
  throw new InputError('repository', 'owner/name of letters, digits, dots, dashes and underscores', quote(repository));
}

/** A repository, and what of it is meant, by one text. */
export interface HubId {
  readonly repository: string;
  readonly revision: string;
  readonly file?: string;
}

/** `owner/name[@revision][/path/file]`; undefined for anything else. The revision is `main` where none is named. */
export function parseHubId(text: string): HubId | undefined {
  const match = /^([\w.-]+\/[\w.-]+)(?:@([\w.-]+))?(?:\/(.+))?$/.exec(text);
  if (!match) return undefined;
  const [, repository = '', revision = 'main', file] = match;
  return { repository, revision, ...(file !== undefined && { file }) };
}

/**
 * A branch, tag or commit; `refs/pr/1` too. It becomes a path below `refs`.
 *
 * @throws {InputError}
 */
export function assertRevision(revision: string): void {
  if (isSafePath(revision)) return;
  throw new InputError('revision', 'a branch, tag or commit', quote(revision));
}

/**
 * Path of a file inside a repository, with slashes.
 *
 * @throws {PretrainedError} `download`: the path leads out of the repository, or holds what no file name may.
 */
export function assertRepositoryPath(path: string, source: string): void {
  if (isSafePath(path)) return;
  throw new PretrainedError(
    'download',
    source,
    `${source}: expected the name of a file inside the repository, got ${quote(path)}.`,
  );
}

/** No way out of a folder on any system, and nothing that Windows takes for a drive, a stream or a device. */
export function isSafePath(path: string): boolean {
  return (
    path.length <= 1024 &&
    path
      .split('/')
      .every(
        (part) =>
          /^[^\\:*?"<>|\p{Cc}]{1,255}$/u.test(part) &&
          !/^\.{1,2}$|[. ]$/.test(part) &&
          !/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(part),
      )
  );
}

/** A server's name for the bytes of a file, as the name of a file: `W/"abc"` is `abc`. Undefined where it cannot be one. */
export function blobName(etag: string | null): string | undefined {
  const name = etag
    ?.trim()
    .replace(/^W\//, '')
    .replace(/^"(.*)"$/, '$1');
  return name !== undefined && /^[\w-][\w.-]{0,127}$/.test(name) && !/\.(incomplete|part|lock)$/.test(name)
    ? name
    : undefined;
}

const quote = (text: string): string => JSON.stringify(text.slice(0, 80));
