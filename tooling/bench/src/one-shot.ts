import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ProcessMemory } from './peer-process';

export interface OneShotResult {
  /** From the start of the process to the first result. */
  readonly firstMilliseconds: number;
  /** Of the later runs. */
  readonly againMilliseconds: readonly number[];
  /** After the first result; Linux only. */
  readonly memory?: ProcessMemory;
}

/** A program that is measured as a process of its own: it calls `tellOneShot`. */
export interface OneShotProgram {
  readonly file: URL;
  /** Packages that it runs on, by the names of their folders. */
  readonly packages: readonly string[];
}

/** Whether processes run what `npm run build` made; otherwise the sources, which are compiled at every start. */
export function runsBuilt({ packages }: Pick<OneShotProgram, 'packages'>): boolean {
  return packages.every((name) => existsSync(new URL(`../../../packages/${name}/dist/index.js`, import.meta.url)));
}

/** Runs an order in a process of its own. @throws {Error} It failed. */
export function runOneShot(program: OneShotProgram, order: object): Promise<OneShotResult> {
  const fromSources = ['--conditions=@tesserae/source', '--import', import.meta.resolve('tsx')];
  const { NODE_OPTIONS: _options, ...environment } = process.env;
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const given = [...(runsBuilt(program) ? [] : fromSources), fileURLToPath(program.file), JSON.stringify(order)];
    const child = spawn(process.execPath, given, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    let errors = '';
    let firstMilliseconds: number | undefined;
    let memory: ProcessMemory | undefined;
    const againMilliseconds: number[] = [];
    child.stderr.on('data', (text: Buffer) => {
      errors = `${errors}${text.toString()}`.slice(-4000);
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { event, ...facts } = JSON.parse(line) as { readonly event: string; readonly milliseconds: number };
      if (event === 'first') firstMilliseconds = performance.now() - start;
      if (event === 'memory') memory = facts as unknown as ProcessMemory;
      if (event === 'again') againMilliseconds.push(facts.milliseconds);
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code !== 0 || firstMilliseconds === undefined) {
        reject(
          new Error(
            errors
              .trim()
              .split('\n')
              .find((line) => line.includes('Error')) ?? `exit code ${code}`,
          ),
        );
      } else {
        resolve({ firstMilliseconds, againMilliseconds, ...(memory && { memory }) });
      }
    });
  });
}
