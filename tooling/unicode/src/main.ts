import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openUnicodeData } from './data';
import { generateModules } from './tables';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = join(root, '.vocabularies', 'unicode');
const target = join(root, 'packages', 'text', 'src', 'tables');

/** Writes packages/text/src/tables from the @unicode data packages, which are installed when needed. */
async function main(): Promise<void> {
  const packages = ['8.0.0', '9.0.0', '14.0.0', '16.0.0', '17.0.0'].map((version) => `@unicode/unicode-${version}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const given = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder];
  const { status } = spawnSync('npm', [...given, ...packages], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error('npm install of the Unicode data packages failed');
  for (const { file, text } of await generateModules(openUnicodeData(folder))) {
    writeFileSync(join(target, file), text);
    console.log(`${file}: ${text.length} bytes`);
  }
}

await main();
