import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

/** A Chromium of this machine, or undefined. */
export const chromium = ['chromium', 'chromium-browser', 'google-chrome', 'chrome', 'headless_shell']
  .flatMap((name) => (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name)))
  .find((path) => existsSync(path));

/** A page in a browser without a window. */
export interface BrowserPage {
  /** Value of an expression in the page, as JSON. @throws {Error} It throws. */
  evaluate<T>(expression: string): Promise<T>;
  /** Evaluates until the value is true. @throws {Error} It is not after 40 seconds. */
  until(expression: string): Promise<void>;
  close(): Promise<void>;
}

interface Answer {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/**
 * Opens a page.
 *
 * @param program - The browser, spoken to by the DevTools protocol through pipes.
 * @param more - Further flags of the browser.
 */
export async function openPage(program: string, url: string, more: readonly string[] = []): Promise<BrowserPage> {
  const profile = await mkdtemp(join(tmpdir(), 'page-browser-'));
  const given = ['--headless=new', '--remote-debugging-pipe', `--user-data-dir=${profile}`, '--disable-gpu'];
  given.push('--no-first-run', '--disable-background-networking', '--disable-quic', ...more);
  // The browser's own sandbox does not run as root.
  if (process.getuid?.() === 0) given.push('--no-sandbox');
  const child = spawn(program, given, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  const [, , , sending, receiving] = child.stdio as unknown as [null, null, null, Writable, Readable];
  const waiting = new Map<number, (answer: Answer) => void>();
  let held = '';
  receiving.on('data', (chunk: Buffer) => {
    const messages = (held + chunk.toString()).split('\0');
    held = messages.pop() ?? '';
    for (const message of messages) {
      const answer = JSON.parse(message) as Answer;
      if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
    }
  });
  let last = 0;
  const ask = async <T>(method: string, params: object, sessionId?: string): Promise<T> => {
    last += 1;
    const id = last;
    const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve));
    sending.write(`${JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) })}\0`);
    const { result, error } = await answered;
    if (error) throw new Error(`${method}: ${error.message}`);
    return result as T;
  };
  const { targetId } = await ask<{ readonly targetId: string }>('Target.createTarget', { url });
  const { sessionId } = await ask<{ readonly sessionId: string }>('Target.attachToTarget', { targetId, flatten: true });

  const evaluate: BrowserPage['evaluate'] = async <T>(expression: string) => {
    const params = { expression, returnByValue: true, awaitPromise: true, userGesture: true };
    interface Evaluated {
      readonly result: { readonly value: T };
      readonly exceptionDetails?: { readonly exception?: { readonly description?: string } };
    }
    const { result, exceptionDetails } = await ask<Evaluated>('Runtime.evaluate', params, sessionId);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? expression);
    return result.value;
  };
  return {
    evaluate,
    async until(expression) {
      for (const end = Date.now() + 40_000; Date.now() < end;) {
        // What is asked for may not be there yet.
        if (await evaluate<boolean>(`Boolean(${expression})`).catch(() => false)) return;
        await new Promise((resolve) => {
          setTimeout(resolve, 50);
        });
      }
      throw new Error(`The page never came to ${expression}; it shows ${await evaluate('document.body.innerText')}`);
    },
    async close() {
      await ask('Browser.close', {});
      if (child.exitCode === null) await once(child, 'close');
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
