import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkGates, testGates } from './gate-list.mjs';
import { runGates } from './gates.mjs';
import { root, sourceEnvironment } from './paths.mjs';
import { show } from './processes.mjs';

/** Runs a TypeScript program from sources; nothing is built. */
function fromSources(file) {
  return (given) =>
    show(process.execPath, ['--import', 'tsx', join(root, file), ...given], { environment: sourceEnvironment() });
}

const trainPrefix = 'train-';

/** Builds the page of an app, and serves it where no other command is given. */
function appWithPage(name) {
  return async (given) =>
    (await show('pnpm', ['--silent', '--filter', `@tesserae/${name}`, 'build', '--silent'])) ||
    fromSources(`apps/${name}/src/main.ts`)(given.length === 0 ? ['serve'] : given);
}

/** `train image-starter` runs tooling/data/src/train-image-starter.ts. */
async function train([name, ...given]) {
  const folder = join(root, 'tooling', 'data', 'src');
  const file = `${trainPrefix}${name}.ts`;
  if (name !== undefined && existsSync(join(folder, file))) {
    return fromSources(join('tooling', 'data', 'src', file))(given);
  }
  const known = readdirSync(folder)
    .filter((entry) => entry.startsWith(trainPrefix) && entry.endsWith('.ts') && !entry.endsWith('.test.ts'))
    .map((entry) => entry.slice(trainPrefix.length, -'.ts'.length));
  process.stderr.write(`Usage: npm run train -- <model> [options]; models: ${known.join(', ') || 'none'}\n`);
  return 2;
}

/** What `npm run <name>` does. `run` takes the arguments and resolves to an exit code. */
export const tasks = {
  demo: {
    help: 'encode and decode the sample pictures with the model in the repository',
    run: fromSources('apps/cli/src/demo/main.ts'),
  },
  test: { help: 'every gate; --only 2,4 or --from 7 choose', run: (given) => runGates(testGates, given) },
  check: { help: 'conventions, format, lint, types', run: (given) => runGates(checkGates, given) },
  format: { help: 'format all files', run: (given) => show('oxfmt', given.length === 0 ? ['.'] : given) },
  parity: {
    help: 'compare with recorded results of the official code',
    run: fromSources('tooling/parity/src/main.ts'),
  },
  build: { help: 'build all packages', run: (given) => show('turbo', ['run', 'build', ...given]) },
  bench: {
    help: 'time models beside PyTorch, texts beside others: npm run bench -- audio|image|nearest|text',
    run: fromSources('tooling/bench/src/main.ts'),
  },
  fuzz: { help: 'read changed files: npm run fuzz -- --minutes 30', run: fromSources('tooling/fuzz/src/main.ts') },
  engines: { help: 'build the native TensorFlow.js engine', run: fromSources('tooling/engines/src/main.ts') },
  train: { help: 'train a starter model: npm run train -- <model>', run: train },
  data: { help: 'build a training set', run: fromSources('tooling/data/src/main.ts') },
  vocabularies: {
    help: 'install vocabularies of others for tests, into .vocabularies',
    run: fromSources('tooling/vocabularies/src/main.ts'),
  },
  'prompt-budget': {
    help: 'fit documents into a budget of tokens: a page, or options of the command',
    run: appWithPage('prompt-budget'),
  },
  'voice-memo': {
    help: 'make links of spoken messages: a page, or options of the command',
    run: appWithPage('voice-memo'),
  },
  docs: { help: 'write the API reference to docs/reference', run: (given) => show('typedoc', given) },
};

export function usage() {
  const rows = Object.entries(tasks).map(([name, { help }]) => `  ${name.padEnd(13)} ${help}`);
  return `Usage: npm run <task> -- [arguments]\n\n${rows.join('\n')}\n`;
}
