import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCurrent } from './current-file';

/** What a slice found. */
export interface SliceResult {
  readonly crash?: { readonly bytes: readonly number[]; readonly error: string };
}

export interface Slice {
  readonly target: string;
  readonly seed: number;
  readonly runs: number;
  /** Folder for the file that is being read. */
  readonly folder: string;
  /** When a slice counts as hanging. */
  readonly maximumSeconds: number;
}

const script = fileURLToPath(new URL('one-shot.ts', import.meta.url));
const root = fileURLToPath(new URL('../../..', import.meta.url));
/** Runs sources; nothing is built. */
const fromSources = ['--conditions=@tesserae/source', '--import', 'tsx', script];

/** Runs a slice; a process that does not end by itself, or not well, leaves the file that it was reading as a crash. */
export async function runSlice({ target, seed, runs, folder, maximumSeconds }: Slice): Promise<SliceResult> {
  const current = join(folder, 'current');
  const child = spawn(process.execPath, [...fromSources, target, String(seed), String(runs), current], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, maximumSeconds * 1000);
  const code = await new Promise<number | string>((resolve) => {
    child.once('close', (status, signal) => resolve(status ?? signal ?? 'an error'));
  });
  clearTimeout(timer);
  if (code === 0) return JSON.parse(stdout) as SliceResult;
  const error = late ? `did not end in ${maximumSeconds} s` : `ended with ${code}: ${stderr.slice(-2000)}`;
  return { crash: { bytes: [...readCurrent(current)], error } };
}
