import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  compileBinding,
  hasNvidiaGpu,
  installPackage,
  linkPackage,
  placeLibrary,
  proveItRuns,
  requireBuildTools,
} from './native';
import { type InstallOptions, parseOptions, usage, UsageError } from './options';
import { say, UnavailableError } from './steps';
import { findWheel, unpackWheel } from './wheel';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const engines = join(root, '.tools', 'engines');
const core = join(root, 'packages', 'core');

function install({ device, python, wheel }: InstallOptions): void {
  const gpu = device === 'gpu' || (device === 'auto' && hasNvidiaGpu());
  const name = gpu ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';
  say(
    `${name}, ${device === 'auto' ? (gpu ? 'since an NVIDIA GPU was found' : 'no NVIDIA GPU was found') : 'as asked'}`,
  );
  requireBuildTools(python);
  const base = process.env['INIT_CWD'] ?? process.cwd();
  const file = findWheel({ python, gpu, base, folder: join(engines, 'wheels'), ...(wheel !== undefined && { wheel }) });
  const packageFolder = installPackage(name, engines);
  const unpacked = join(engines, 'unpacked');
  try {
    placeLibrary(unpackWheel(file, unpacked, python), packageFolder);
  } finally {
    rmSync(unpacked, { recursive: true, force: true });
  }
  compileBinding(packageFolder, engines);
  linkPackage(name, packageFolder, core);
  proveItRuns(name, core);
  say(`done; "npx tesserae doctor" shows it, TESSERAE_ENGINE=${gpu ? 'tfjs-node-gpu' : 'tfjs-node'} chooses it`);
}

try {
  const options = parseOptions(process.argv.slice(2), process.env);
  if (options.help) process.stdout.write(usage);
  else install(options);
} catch (error) {
  if (!(error instanceof Error)) throw error;
  console.error(`engines: ${error.message}`);
  process.exitCode = error instanceof UsageError ? 2 : error instanceof UnavailableError ? 3 : 1;
}
