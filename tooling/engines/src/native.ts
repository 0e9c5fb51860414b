import { cpSync, existsSync, lstatSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { attempt, must, say, UnavailableError } from './steps';

export const tensorflowJsVersion = '4.22.0';

/** Stops early where the binding cannot be compiled. @throws {UnavailableError} */
export function requireBuildTools(python: string): void {
  const missing = [python, 'make', 'g++'].filter((command) => !attempt(command, ['--version']).ok);
  if (missing.length === 0) return;
  throw new UnavailableError(`${missing.join(', ')} cannot be run; compiling the binding needs it`);
}

export function hasNvidiaGpu(): boolean {
  const { ok, output } = attempt('nvidia-smi', ['-L']);
  return ok && /^GPU \d/m.test(output);
}

/** Installs the package without its install script, which would fetch old binaries. Resolves to its folder. */
export function installPackage(name: string, engines: string): string {
  const folder = join(engines, 'node_modules', name);
  if (existsSync(join(folder, 'package.json'))) return folder;
  say(`installing ${name}@${tensorflowJsVersion} without its install script`);
  mkdirSync(engines, { recursive: true });
  const given = ['install', '--ignore-scripts', '--no-save', '--no-audit', '--no-fund', '--prefix', engines];
  const { ok, output } = attempt('npm', [...given, `${name}@${tensorflowJsVersion}`]);
  if (!ok) throw new UnavailableError(`${name} cannot be installed (${output.trim().split('\n')[0]})`);
  return folder;
}

/** Puts libraries and headers where the package's build looks for them. */
export function placeLibrary(tensorflow: string, packageFolder: string): void {
  say('placing library and headers');
  const dependencies = join(packageFolder, 'deps');
  rmSync(dependencies, { recursive: true, force: true });
  mkdirSync(join(dependencies, 'lib'), { recursive: true });
  for (const [file, name] of [
    ['libtensorflow_cc.so.2', 'libtensorflow.so'],
    ['libtensorflow_framework.so.2', 'libtensorflow_framework.so'],
  ] as const) {
    cpSync(join(tensorflow, file), join(dependencies, 'lib', file), { dereference: true });
    symlinkSync(file, join(dependencies, 'lib', name));
  }
  for (const part of ['tensorflow', 'xla', 'tsl']) {
    const headers = join(tensorflow, 'include', part);
    if (existsSync(headers)) cpSync(headers, join(dependencies, 'include', part), { recursive: true });
  }
}

/** Compiles the binding. Headers of the running Node are used where they lie beside it. */
export function compileBinding(packageFolder: string, engines: string): void {
  say('compiling the binding (half a minute)');
  const installed = dirname(dirname(process.execPath));
  const headers = existsSync(join(installed, 'include', 'node', 'node.h')) ? [`--nodedir=${installed}`] : [];
  const tool = join(engines, 'node_modules', '.bin', 'node-pre-gyp');
  must(tool, ['install', '--build-from-source', ...headers], packageFolder);
}

/** Makes the package visible to core. */
export function linkPackage(name: string, packageFolder: string, core: string): void {
  const link = join(core, 'node_modules', name);
  if (lstatSync(link, { throwIfNoEntry: false }) !== undefined) rmSync(link, { recursive: true });
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(packageFolder, link, 'junction');
}

/** Multiplies two matrices on the new engine, in a process of its own. @throws {Error} */
export function proveItRuns(name: string, core: string): void {
  say('running it once');
  const program = `const tf = require('${name}');
    const product = tf.matMul(tf.ones([8, 8]), tf.ones([8, 8])).dataSync();
    if (tf.getBackend() !== 'tensorflow' || product.some((value) => value !== 8)) process.exit(1);`;
  must(process.execPath, ['-e', program], core);
}
