import { createInterface } from 'node:readline/promises';
import { PretrainedError } from '@tesserae/core/data';
import type { HubOptions, LicenseNotice } from '@tesserae/core/hub';
import { flag, type CommandContext } from '../command';

/**
 * Shows the license of weights before they are downloaded. What is not free for every use needs `--accept-license`, or
 * a yes at the terminal.
 */
export function licenseGate(context: CommandContext): NonNullable<HubOptions['onLicense']> {
  const accepted = new Set<string>();
  return async (notice) => {
    context.output.note(notice.text);
    const { source, license } = notice;
    const name = `${source} ${license.name}`;
    if (license.use === 'any' || flag(context, 'accept-license') || accepted.has(name)) return true;
    if (!isInteractive(context)) throw notAccepted(notice);
    if (!(await ask(`Download it under these terms? [y/N] `, context.signal))) return false;
    accepted.add(name);
    return true;
  };
}

function notAccepted({ source, license }: LicenseNotice): PretrainedError {
  const where = license.url === undefined ? '' : ` (${license.url})`;
  return new PretrainedError(
    'license',
    source,
    `${source}: not downloaded: its license${where} does not allow every use, or is not known. Read it, then give --accept-license.`,
  );
}

const isInteractive = ({ output }: CommandContext): boolean =>
  !output.json && process.stdin.isTTY === true && process.stderr.isTTY === true;

async function ask(question: string, signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(question, { signal })).trim());
  } finally {
    terminal.close();
  }
}
