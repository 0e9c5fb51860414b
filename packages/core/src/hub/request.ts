import { PretrainedError } from '../errors/pretrained-error';
import { retryAfter, TryAgain } from './retry';
import type { HubSettings } from './settings';
import { watchSilence, type Watch } from './timing';

const maximumRedirects = 10;

export interface HubRequest {
  readonly url: URL;
  readonly method?: 'GET' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  /** As the user named what is being loaded: for messages. */
  readonly source: string;
  readonly signal?: AbortSignal | undefined;
  /** Stops at an answer that redirects further. Default: all are followed. */
  readonly isEnough?: (response: Response) => boolean;
}

/** An answer whose body still has to be read, under a watch that has to be stopped. */
export interface HubResponse {
  readonly response: Response;
  readonly watch: Watch;
}

/**
 * One request. Redirects are followed by hand: the token goes to the hub itself and to nobody else, and never from
 * https to http.
 *
 * @throws {TryAgain} Network errors, silence, 408, 429, 5xx.
 * @throws {PretrainedError} Redirects that do not end, or lead to something that is not the web.
 */
export async function request(settings: HubSettings, asked: HubRequest): Promise<HubResponse> {
  const watch = watchSilence(settings.patience.stallMilliseconds, asked.signal);
  try {
    const response = await follow(settings, asked, watch);
    watch.heard();
    return { response, watch };
  } catch (error) {
    watch.stop();
    asked.signal?.throwIfAborted();
    if (error instanceof PretrainedError || error instanceof TryAgain) throw error;
    throw networkFailure(asked.url, error, watch.expired);
  }
}

async function follow(settings: HubSettings, asked: HubRequest, watch: Watch): Promise<Response> {
  const { endpoint, token } = settings;
  let { url } = asked;
  for (let hops = 0; hops <= maximumRedirects; hops += 1) {
    const isHub = url.origin === endpoint.origin;
    const response = await settings.fetch(url.href, {
      method: asked.method ?? 'GET',
      headers: {
        'accept-encoding': 'identity',
        ...asked.headers,
        ...(token !== undefined && isHub && { authorization: `Bearer ${token}` }),
      },
      redirect: settings.hidesRedirects ? 'follow' : 'manual',
      signal: watch.signal,
    });
    watch.heard();
    if (isBusy(response.status)) {
      await response.body?.cancel();
      const wait = retryAfter(response.headers.get('retry-after'));
      throw new TryAgain(`${url.host} answered with status ${response.status}`, { waitMilliseconds: wait });
    }
    const location = response.headers.get('location');
    const redirects = response.status >= 300 && response.status < 400 && location !== null;
    if (!redirects || asked.isEnough?.(response)) return response;
    await response.body?.cancel();
    url = nextAddress(location, url, asked.source);
  }
  throw new PretrainedError(
    'download',
    asked.source,
    `${asked.source}: ${asked.url.href} redirects more than ${maximumRedirects} times.`,
  );
}

const isBusy = (status: number): boolean => status === 408 || status === 429 || (status >= 500 && status !== 501);

function nextAddress(location: string, from: URL, source: string): URL {
  const next = URL.canParse(location, from) ? new URL(location, from) : undefined;
  if (next && /^https?:$/.test(next.protocol)) return next;
  throw new PretrainedError('download', source, `${source}: ${from.href} redirects to what is no web address.`);
}

/** What a failed `fetch`, or a body that broke off, means. */
export function networkFailure(url: URL, error: unknown, expired: boolean): TryAgain {
  const cause = (error as { readonly cause?: unknown } | undefined)?.cause;
  const code = (cause as { readonly code?: string } | undefined)?.code;
  const detail = cause instanceof Error ? cause.message || code : undefined;
  const reason = detail ?? (error instanceof Error ? error.message : String(error));
  const unreachable = ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ENETUNREACH', 'EHOSTUNREACH'].includes(code ?? '');
  return new TryAgain(expired ? `${url.host} fell silent` : `${url.host}: ${reason}`, { cause: error, unreachable });
}
