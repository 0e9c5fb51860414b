import { platform } from '#platform';
import type { RunOptions } from '../engine/run-options';
import { InputError } from '../errors/input-error';
import { hubCacheFolder, hubHomeFolder, pathVariable } from './cache-folder';
import type { LicenseNotice } from './license-notice';
import { readShortText } from './read-text';

export interface HubOptions extends RunOptions {
  /** Default: the Hugging Face cache (`HF_HUB_CACHE`, `HF_HOME`, `XDG_CACHE_HOME`), shared with Python. */
  readonly cacheDirectory?: string;
  /** Opens no socket; what is not here is an error. Default `HF_HUB_OFFLINE` or `TRANSFORMERS_OFFLINE`. */
  readonly offline?: boolean;
  /** Access token; empty for none. Default `HF_TOKEN`, then the file that `hf auth login` writes. */
  readonly token?: string;
  /** Default: the system's, through the proxy that `HTTPS_PROXY` and `NO_PROXY` name. */
  readonly fetch?: typeof globalThis.fetch;
  /** Address of the hub or of a mirror. Default `HF_ENDPOINT`, then `https://huggingface.co`. */
  readonly endpoint?: string;
  /** Connections for one large file. Default 4. */
  readonly connections?: number;
  /** Bytes that one request asks for where a file is fetched over several connections. Default 32 MiB. */
  readonly segmentBytes?: number;
  /**
   * Called once before each weight file is downloaded, with its license; false refuses it. Default: the notice is
   * printed to standard error (the console of a browser).
   */
  readonly onLicense?: (notice: LicenseNotice) => boolean | void | Promise<boolean | void>;
  readonly patience?: Partial<Patience>;
}

/** How long and how often a transfer is tried. */
export interface Patience {
  /** Tries in a row that bring nothing new. Default 5. */
  readonly attempts: number;
  /** Before the second try; doubles each time. Default 500. */
  readonly firstDelayMilliseconds: number;
  /** The longest `Retry-After` that is waited for. Default 5 minutes. */
  readonly longestDelayMilliseconds: number;
  /** Silence after which a connection counts as dead. Default 30 s, or `HF_HUB_DOWNLOAD_TIMEOUT` seconds. */
  readonly stallMilliseconds: number;
}

/** Options with everything that the environment decides. */
export interface HubSettings {
  readonly endpoint: URL;
  readonly token: string | undefined;
  readonly offline: boolean;
  /** Undefined where there is no file system. */
  readonly cache: string | undefined;
  readonly fetch: typeof globalThis.fetch;
  readonly connections: number;
  readonly segmentBytes: number;
  /** Browsers follow redirects themselves, without the token to other hosts, and do not show them. */
  readonly hidesRedirects: boolean;
  readonly patience: Patience;
}

const isTrue = (name: string): boolean =>
  ['1', 'ON', 'YES', 'TRUE'].includes((platform.environmentVariable(name) ?? '').toUpperCase());

/** Whether `HF_HUB_OFFLINE` or `TRANSFORMERS_OFFLINE` forbids every connection. */
export function isOffline(): boolean {
  return isTrue('HF_HUB_OFFLINE') || isTrue('TRANSFORMERS_OFFLINE');
}

/** @throws {InputError} `HF_ENDPOINT` is no address, or a token holds what a header cannot. */
export async function resolveSettings(options: HubOptions = {}): Promise<HubSettings> {
  const offline = options.offline ?? isOffline();
  const timeout = Number(platform.environmentVariable('HF_HUB_DOWNLOAD_TIMEOUT') ?? Number.NaN);
  return {
    endpoint: endpointOf(options.endpoint),
    token: checkToken(options.token ?? (await storedToken())),
    offline,
    cache: options.cacheDirectory ?? hubCacheFolder(),
    fetch: options.fetch ?? (await platform.selectFetch()),
    connections: Math.max(1, Math.floor(options.connections ?? 4)),
    segmentBytes: Math.max(1, Math.floor(options.segmentBytes ?? 32 * 1024 * 1024)),
    hidesRedirects: platform.name === 'web',
    patience: {
      attempts: 5,
      firstDelayMilliseconds: 500,
      longestDelayMilliseconds: 300_000,
      stallMilliseconds: timeout > 0 ? 1000 * timeout : 30_000,
      ...options.patience,
    },
  };
}

/** Address of the hub, ending in a slash. */
function endpointOf(given: string | undefined): URL {
  const text = given ?? platform.environmentVariable('HF_ENDPOINT') ?? 'https://huggingface.co';
  const url = URL.canParse(text) ? new URL(text.replace(/\/*$/, '/')) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new InputError(given === undefined ? 'HF_ENDPOINT' : 'endpoint', 'an http or https address', text);
}

function checkToken(token: string | undefined): string | undefined {
  const clean = token?.trim();
  if (!clean) return undefined;
  // The token itself is never shown.
  if (!/^[\x21-\x7e]+$/.test(clean))
    throw new InputError('token', 'letters, digits and punctuation', 'other characters');
  return clean;
}

async function storedToken(): Promise<string | undefined> {
  const variable = platform.environmentVariable('HF_TOKEN') ?? platform.environmentVariable('HUGGING_FACE_HUB_TOKEN');
  if (variable !== undefined) return variable;
  if (isTrue('HF_HUB_DISABLE_IMPLICIT_TOKEN')) return undefined;
  const home = hubHomeFolder();
  const path = pathVariable('HF_TOKEN_PATH') ?? (home && platform.joinPath(home, 'token'));
  return path === undefined ? undefined : readShortText(path, 4096);
}
