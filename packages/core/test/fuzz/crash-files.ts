import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Crash } from './fuzz-run';

const folder = fileURLToPath(new URL('../attacks/crashes', import.meta.url));
const ending = '.crash';

/** Keeps a crash as `<target>.<hash>.crash`. @returns Its path. */
export function keepCrash({ target, bytes }: Pick<Crash, 'target' | 'bytes'>): string {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  const path = join(folder, `${target.replaceAll(/[ ,]+/g, '-')}.${hash}${ending}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, bytes);
  return path;
}

/** Every crash that was kept. */
export function keptCrashes(): readonly { readonly name: string; readonly bytes: Uint8Array }[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => ({ name, bytes: new Uint8Array(readFileSync(join(folder, name))) }));
}
