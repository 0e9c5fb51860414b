import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { checkAll } from './check';
import { rules } from './rules/index';
import { type PresetFacts, presetsRule } from './rules/presets';
import { checkoutTree } from './tree';
import { waivers } from './waivers';

const root = fileURLToPath(new URL('../../..', import.meta.url));

interface RegistryModule {
  readonly [name: string]: { list?(): Promise<readonly PresetFacts[]> };
}

/** Presets of the one registry that a package's registry.ts exports. */
async function readPresets(folder: string): Promise<readonly PresetFacts[] | undefined> {
  const file = join(root, folder, 'src', 'registry.ts');
  if (!existsSync(file)) return undefined;
  const module = (await import(pathToFileURL(file).href)) as RegistryModule;
  return Object.values(module)
    .find(({ list }) => typeof list === 'function')
    ?.list?.();
}

const findings = await checkAll(checkoutTree(root), [...rules, presetsRule(readPresets)], waivers);
for (const { file, rule, message, warning } of findings) {
  console.log(`${file}: ${rule}: ${warning ? 'warning: ' : ''}${message}`);
}
const failed = findings.filter(({ warning }) => warning !== true).length;
if (failed > 0) {
  console.log(`${failed} violations`);
  process.exitCode = 1;
}
