import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { CaseFacts, ParityRunner, ParityRunners } from '@tesserae/core/test';
import { repository } from './repository';

const loaded = new Map<string, Promise<ParityRunners>>();

/** The runner of a case, from `packages/<modality>/test/parity/index.ts`; undefined where the system has none. */
export async function runnerOf({ location, system }: CaseFacts): Promise<ParityRunner | undefined> {
  const modality = location.modality!;
  const runners = loaded.get(modality) ?? loadRunners(modality);
  loaded.set(modality, runners);
  const all = await runners;
  return Object.hasOwn(all, system) ? all[system] : undefined;
}

async function loadRunners(modality: string): Promise<ParityRunners> {
  const file = `${repository}packages/${modality}/test/parity/index.ts`;
  if (!existsSync(file)) return {};
  const module = (await import(pathToFileURL(file).href)) as { readonly runners: ParityRunners };
  return module.runners;
}
