import { PretrainedError } from '../errors/pretrained-error';
import { isMarkedAbsent, markAbsent } from './layout';
import { listRepository } from './list-repository';
import { assertRepositoryPath, blobName, isCommit } from './names';
import { gaveUp, refusal } from './refusal';
import { fileUrl, hashOfName, type HubFile } from './remote-file';
import { request } from './request';
import { withRetries } from './retry';
import type { HubSettings } from './settings';

export interface FileQuestion {
  /** As the user named it. */
  readonly source: string;
  readonly repository: string;
  readonly revision: string;
  readonly file: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks the hub which commit a revision is, and for size and hash of one file: one `HEAD` request.
 *
 * @throws {PretrainedError} `not-found`, `access`, `gated`, `download`.
 */
export async function resolveFile(settings: HubSettings, question: FileQuestion): Promise<HubFile> {
  const { source, repository, revision, file, signal } = question;
  assertRepositoryPath(file, source);
  const known = { repository, commit: revision, file };
  if (settings.cache !== undefined && isCommit(revision) && (await isMarkedAbsent(settings.cache, known)))
    throw absent(question);
  if (settings.hidesRedirects) return fromListing(settings, question);
  const url = fileUrl(settings.endpoint, repository, revision, file);
  const { headers, ok } = await withRetries(settings.patience, signal, () => head(settings, question, url)).catch(
    (error: unknown) => {
      throw gaveUp(error, source);
    },
  );
  const commit = headers.get('x-repo-commit') ?? '';
  const blob = blobName(headers.get('x-linked-etag') ?? headers.get('etag'));
  // The length of an answer that redirects is not that of the file.
  const size = Number(headers.get('x-linked-size') ?? (ok ? headers.get('content-length') : null) ?? Number.NaN);
  if (!isCommit(commit) || blob === undefined) {
    throw new PretrainedError(
      'download',
      source,
      `${source}: ${url.href} is not answered as a hub does: expected the headers X-Repo-Commit and ETag.`,
    );
  }
  return {
    source,
    repository,
    commit,
    file,
    blob,
    // The answer is pinned: a branch that moves on meanwhile changes nothing.
    url: fileUrl(settings.endpoint, repository, commit, file),
    bytes: Number.isSafeInteger(size) ? size : undefined,
    hash: hashOfName(blob),
  };
}

async function head(settings: HubSettings, question: FileQuestion, url: URL): Promise<Response> {
  const { response, watch } = await request(settings, {
    url,
    method: 'HEAD',
    source: question.source,
    signal: question.signal,
    isEnough: ({ headers }) => headers.has('x-linked-etag'),
  });
  watch.stop();
  if (response.ok || response.headers.has('x-linked-etag')) return response;
  const commit = response.headers.get('x-repo-commit') ?? '';
  if (response.status === 404 && isCommit(commit)) await markAbsent(settings.cache, { ...question, commit });
  throw refusal(response, settings, question);
}

/** For browsers, which do not show the answer that redirects. */
async function fromListing(settings: HubSettings, question: FileQuestion): Promise<HubFile> {
  const { files } = await listRepository(settings, question);
  const found = files.find(({ file }) => file === question.file);
  if (found) return found;
  throw absent(question);
}

function absent({ source, repository, revision, file }: FileQuestion): PretrainedError {
  return new PretrainedError('not-found', source, `${source}: ${repository} has no file ${file} at ${revision}.`);
}
