import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { HubOptions } from '../src/hub/settings';

const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export interface ChildOutcome {
  readonly weights?: string;
  readonly variant?: string;
  readonly code?: string;
  readonly message?: string;
}

/** Starts `hub-child.ts` from sources. */
export function startChild(
  task: { readonly load?: string; readonly options: HubOptions },
  { environment = {}, withoutNetwork = false }: { environment?: NodeJS.ProcessEnv; withoutNetwork?: boolean } = {},
): ChildProcess {
  const shim = withoutNetwork ? ['--import', pathOf('no-network.ts')] : [];
  const sources = ['--conditions=@tesserae/source', '--import', import.meta.resolve('tsx'), ...shim];
  return spawn(process.execPath, [...sources, pathOf('hub-child.ts'), JSON.stringify(task)], {
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
