import type { Patience } from './settings';
import { setLater } from './timing';

/** A try that failed in a way that a later one may not: a network error, silence, 429, 5xx. Never leaves the hub client. */
export class TryAgain extends Error {
  override readonly name = 'TryAgain';
  /** What the server asked to wait. */
  readonly waitMilliseconds: number | undefined;
  /** Whether nobody answered at all: no name, no route, refused. */
  readonly unreachable: boolean;

  constructor(
    message: string,
    options: ErrorOptions & { readonly waitMilliseconds?: number | undefined; readonly unreachable?: boolean } = {},
  ) {
    super(message, options);
    this.waitMilliseconds = options.waitMilliseconds;
    this.unreachable = options.unreachable ?? false;
  }
}

/** `Retry-After` in milliseconds: seconds or a date (RFC 9110 section 10.2.3). Undefined where it is neither. */
export function retryAfter(header: string | null, now = Date.now()): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d+\s*$/.test(header)) return 1000 * Number(header);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/**
 * Calls again while tries fail with {@link TryAgain}, waiting twice as long each time, or as long as the server says.
 *
 * @param attempt - Gets the function that it calls when something new came: tries are counted anew from there.
 * @throws {TryAgain} The last one, when patience has ended.
 */
export async function withRetries<Result>(
  patience: Patience,
  signal: AbortSignal | undefined,
  attempt: (progress: () => void) => Promise<Result>,
): Promise<Result> {
  let failures = 0;
  let hasBegun = false;
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await attempt(() => {
        failures = 0;
        hasBegun = true;
      });
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof TryAgain)) throw error;
      failures += 1;
      // Half to all of it, so that many clients do not come back at the same moment.
      const own = patience.firstDelayMilliseconds * 2 ** (failures - 1) * (0.5 + Math.random() / 2);
      const wait = Math.max(error.waitMilliseconds ?? 0, own);
      // Where nobody answers at all, and never did, there is no connection.
      const attempts = error.unreachable && !hasBegun ? Math.min(2, patience.attempts) : patience.attempts;
      if (failures >= attempts || wait > patience.longestDelayMilliseconds) throw error;
      await setLater(wait, signal);
    }
  }
}
