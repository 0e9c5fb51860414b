import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HubOptions } from '../src/hub/settings';
import { esbuild } from './esbuild';

const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export interface ChildOutcome {
  readonly weights?: string;
  readonly variant?: string;
  readonly code?: string;
  readonly message?: string;
}

let built: string | undefined;

/** The programs, built once: from sources each of many processes would compile them again. */
function programs(): string {
  if (built !== undefined) return built;
  // Where what they import is found.
  const parent = pathOf('../node_modules/.cache');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'hub-child-'));
  esbuild.buildSync({
    entryPoints: [pathOf('hub-child.ts'), pathOf('no-network.ts')],
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@tesserae/source'],
    packages: 'external',
  });
  return (built = folder);
}

/** After the last {@link startChild}. */
export function removePrograms(): void {
  if (built !== undefined) rmSync(built, { recursive: true, force: true });
  built = undefined;
}

/** Starts `hub-child.ts`. */
export function startChild(
  task: { readonly load?: string; readonly options: HubOptions },
  { environment = {}, withoutNetwork = false }: { environment?: NodeJS.ProcessEnv; withoutNetwork?: boolean } = {},
): ChildProcess {
  const folder = programs();
  const shim = withoutNetwork ? ['--import', join(folder, 'no-network.js')] : [];
  return spawn(process.execPath, [...shim, join(folder, 'hub-child.js'), JSON.stringify(task)], {
    env: { ...process.env, HF_HUB_OFFLINE: '', NODE_OPTIONS: '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** What the process said when it ended; `outcome` is undefined where it was killed before. */
export async function childEnd(
  child: ChildProcess,
): Promise<{ readonly outcome: ChildOutcome | undefined; readonly stderr: string }> {
  let [stdout, stderr] = ['', ''];
  child.stdout!.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  await new Promise((resolve) => child.once('close', resolve));
  return { outcome: stdout === '' ? undefined : (JSON.parse(stdout) as ChildOutcome), stderr };
}
