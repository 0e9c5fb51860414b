import { PretrainedError } from '../errors/pretrained-error';
import { TryAgain } from './retry';
import type { HubSettings } from './settings';

/** What an answer without the file means, and what to do about it. */
export function refusal(
  response: Response,
  { endpoint, token }: HubSettings,
  {
    source,
    repository,
    revision,
    file,
  }: {
    readonly source: string;
    readonly repository: string;
    readonly revision: string;
    readonly file?: string;
  },
): PretrainedError {
  const code = response.headers.get('x-error-code');
  const page = new URL(repository, endpoint).href;
  const { status } = response;
  const fail = (kind: 'gated' | 'access' | 'not-found' | 'download', text: string) =>
    new PretrainedError(kind, source, `${source}: ${text}`);
  if (code === 'GatedRepo') {
    const next =
      token === undefined ? 'set HF_TOKEN to a token of that account' : 'check that HF_TOKEN is of that account';
    return fail('gated', `its owners ask you to accept a license first: do so at ${page}, then ${next}.`);
  }
  if (status === 401 || status === 403) {
    const hint =
      token === undefined
        ? 'if it is private, set HF_TOKEN to a token that may read it'
        : 'if it is private, the token in use may not read it';
    return fail('access', `${page} is not there, or not for you (status ${status}): check the name; ${hint}.`);
  }
  if (status === 404 && code === 'RevisionNotFound') return fail('not-found', `${page} has no revision ${revision}.`);
  if (status === 404 && file !== undefined && code !== 'RepoNotFound')
    return fail('not-found', `${page} has no file ${file} at ${revision}.`);
  if (status === 404) return fail('not-found', `${page} is not there: check the name.`);
  return fail('download', `${response.url || page} answered with status ${status}.`);
}

/** The error that a user sees when patience has ended. */
export function gaveUp(error: unknown, source: string): unknown {
  if (!(error instanceof TryAgain)) return error;
  const wait = error.waitMilliseconds;
  const later = wait === undefined ? '' : `; it asks to come back in ${Math.ceil(wait / 1000)} s`;
  const advice = error.unreachable
    ? ' Check the connection (HTTPS_PROXY, HF_ENDPOINT), or download the files elsewhere and give their path.'
    : ' What has arrived is kept: the next try goes on from there.';
  const code = error.unreachable ? 'offline' : 'download';
  return new PretrainedError(code, source, `${source}: ${error.message}${later}.${advice}`, { cause: error });
}
