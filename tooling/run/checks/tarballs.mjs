import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, taskEnvironment } from '../paths.mjs';
import { capture } from '../processes.mjs';
import { packAll } from './published.mjs';
import { exampleOf } from './readme-example.mjs';
import { publishedWorkspaces } from './workspaces.mjs';

/** Nothing of the machine's setup may help or hinder the consumer. */
const consumerEnvironment = () =>
  taskEnvironment({ NODE_OPTIONS: '', TESSERAE_ENGINE: '', HF_HUB_OFFLINE: '1', NODE_PATH: '' });

/** Installs the tarballs into an empty project, gives its folder to `use` and removes it. */
async function inEmptyProject(use) {
  const folder = mkdtempSync(join(tmpdir(), 'tesserae-consumer-'));
  const environment = consumerEnvironment();
  const run = async (command, given, options = {}) => {
    const result = await capture(command, given, { cwd: folder, environment, ...options });
    if (result.code !== 0) {
      throw Object.assign(new Error(`${command} ${given.join(' ')} ended with ${result.code}:\n${result.output}`), {
        result,
      });
    }
    return result;
  };
  try {
    const tarballs = await packAll(folder);
    // Overrides make packages take each other from the tarballs as well; nothing of ours comes from the registry.
    const files = Object.fromEntries([...tarballs].map(([name, file]) => [name, `file:${file}`]));
    writeJson(join(folder, 'package.json'), { name: 'consumer', private: true, dependencies: files, overrides: files });
    await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline']);
    return await use({ folder, run });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const writeJson = (file, value) => writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);

/** README examples run as printed, from ESM and by `require`; types of every entry resolve. */
export async function checkReadmes() {
  const examples = publishedWorkspaces()
    .map(({ folder, manifest }) => ({ name: manifest.name, folder, example: exampleOf(join(folder, 'README.md')) }))
    .filter(({ example }) => example !== undefined);
  return inEmptyProject(async ({ folder, run }) => {
    for (const { name, example } of examples) {
      const place = join(folder, name.replace('/', '-'));
      mkdirSync(place, { recursive: true });
      cpSync(join(root, 'samples'), join(place, 'samples'), { recursive: true });
      for (const [file, text] of [
        ['example.mjs', example.code],
        ['example.cjs', asCommonJs(example.code)],
      ]) {
        writeFileSync(join(place, file), text);
        const { stdout } = await run(process.execPath, [file], { cwd: place });
        if (stdout.trim() === example.output.trim()) continue;
        const said = `printed\n${stdout.trim()}\nbut the README says\n${example.output.trim()}`;
        return { failed: 1, output: `${name}: ${file} ${said}` };
      }
    }
    await checkTypesOfEntries(folder, run);
    return { passed: 1, detail: `${examples.length} examples, ESM and require` };
  });
}

/** The same program for a CommonJS project: `require` gives the ES module on Node 20.19 and newer. */
export function asCommonJs(code) {
  const required = code.replaceAll(
    /^import \{([^}]*)\} from (['"][^'"]+['"]);?$/gm,
    (_whole, names, from) => `const {${names.replaceAll(' as ', ': ')}} = require(${from});`,
  );
  return `(async () => {\n${required}\n})().catch((error) => { console.error(error); process.exitCode = 1; });\n`;
}

/** tsc of a program that imports every entry, with what a new project would have for settings. */
async function checkTypesOfEntries(folder, run) {
  const entries = publishedWorkspaces().flatMap(({ manifest }) =>
    Object.keys(manifest.publishConfig?.exports ?? manifest.exports)
      .filter((entry) => !entry.endsWith('*') && !entry.endsWith('.json'))
      .map((entry) => manifest.name + entry.slice(1)),
  );
  const lines = entries.map((entry, index) => `import * as entry${index} from '${entry}';\nexport { entry${index} };`);
  writeFileSync(join(folder, 'consumer.ts'), `${lines.join('\n')}\n`);
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2022',
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    types: [],
  };
  writeJson(join(folder, 'tsconfig.json'), {
    // TensorFlow.js's own declarations do not pass a strict library check.
    compilerOptions: {
      ...compilerOptions,
      skipLibCheck: true,
      lib: ['ES2023', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
    },
    files: ['consumer.ts'],
  });
  await run('tsc', ['-p', '.']);
}

/** A picture becomes a token file and a picture again, by the command that users install. */
export async function checkCommandLine() {
  return inEmptyProject(async ({ folder, run }) => {
    const picture = join(root, 'samples', 'image', 'cat.png');
    const command = (...given) =>
      run(process.execPath, [join('node_modules', '@tesserae', 'cli', 'bin.mjs'), ...given]);
    await command('--help');
    await command('encode', picture, '--out', 'cat.tok', '--quiet');
    await command('inspect', 'cat.tok', '--json');
    await command('decode', 'cat.tok', '--out', 'cat.png', '--quiet');
    const { stdout } = await command('compare', picture, 'cat.png', '--json');
    const png = readFileSync(join(folder, 'cat.png')).subarray(1, 4).toString('latin1');
    if (png !== 'PNG' || !existsSync(join(folder, 'cat.tok'))) return { failed: 1, output: 'decode wrote no PNG' };
    return {
      passed: 1,
      detail: `${readFileSync(join(folder, 'cat.tok')).length} bytes of tokens, compared: ${stdout.length > 2}`,
    };
  });
}
