import { spawn, type ChildProcess } from 'node:child_process';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect } from 'vitest';
import { run } from '../src/run';
import { capturedOutput } from './captured-output';

const pathOf = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

export const bin = pathOf('../bin.mjs');
export const sample = pathOf('../../../samples/image/cat.png');
/** A small checkpoint in its official layout. */
export const model = pathOf('../../../packages/image/test/fixtures/maskgit-vqgan/hub-dir');

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** The command from sources, in a folder of its own that holds `cat.png` and that the process is in. */
export interface CommandBox {
  readonly path: (name: string) => string;
  /** Files in the folder that a command left unfinished. */
  readonly partial: (below?: string) => Promise<readonly string[]>;
  /** A process of its own: for streams, signals and exit codes. */
  readonly start: (given: readonly string[], stdout?: number) => ChildProcess;
  /** In this process, which is quicker. */
  readonly run: (...given: readonly string[]) => Promise<Finished>;
  /** Runs with `--json`. */
  readonly json: <T>(...given: readonly string[]) => Promise<T>;
  /** Ends with the exit code, one line on standard error that contains the text, and nothing left behind. */
  readonly fails: (code: number, text: string, ...given: readonly string[]) => Promise<void>;
}

export function commandBox(): CommandBox {
  let folder = '';
  const before = process.cwd();
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tesserae-cli-'));
    await cp(sample, join(folder, 'cat.png'));
    process.chdir(folder);
  });
  afterAll(async () => {
    process.chdir(before);
    await rm(folder, { recursive: true, force: true });
  });

  const start: CommandBox['start'] = (given, stdout) => {
    const sources = ['--conditions=@tesserae/source', '--import', import.meta.resolve('tsx'), pathOf('../src/main.ts')];
    return spawn(process.execPath, [...sources, ...given], {
      cwd: folder,
      env: { ...process.env, DEBUG: '', NODE_OPTIONS: '' },
      stdio: ['pipe', stdout ?? 'pipe', 'pipe'],
    });
  };
  const here: CommandBox['run'] = (...given) => runHere(given);
  const partial: CommandBox['partial'] = async (below = '.') =>
    (await readdir(join(folder, below))).filter((name) => /\.(incomplete|tmp|partial)$/.test(name));
  return {
    path: (name) => join(folder, name),
    partial,
    start,
    run: here,
    async json<T>(...given: readonly string[]) {
      return JSON.parse((await here(...given, '--json')).stdout.toString()) as T;
    },
    async fails(code, text, ...given) {
      const before = await readdir(folder);
      const found = await here(...given);
      expect(found.stderr).toContain(text);
      expect(found.stderr).not.toContain('    at ');
      expect(found.code).toBe(code);
      expect(await readdir(folder)).toEqual(before);
    },
  };
}

async function runHere(given: readonly string[]): Promise<Finished> {
  return { ...(await capturedOutput(() => run(given, new AbortController().signal))), signal: null };
}

export async function finished(child: ChildProcess): Promise<Finished> {
  const stdout: Buffer[] = [];
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, stdout: Buffer.concat(stdout), stderr }));
  });
}
