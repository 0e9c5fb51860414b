import { existsSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pnpmVersion, root, toolsFolder } from './paths.mjs';
import { capture, FailedError, interrupted } from './processes.mjs';

const pnpmMark = join(toolsFolder, `pnpm-${pnpmVersion}.ok`);
const lockFolder = join(toolsFolder, 'install.lock');
const modulesState = join(root, 'node_modules', '.modules.yaml');
const lockfile = join(root, 'pnpm-lock.yaml');

const changed = (file) => (existsSync(file) ? statSync(file).mtimeMs : -Infinity);
const pnpmIsMissing = () => !existsSync(pnpmMark);
const modulesAreOld = () => changed(modulesState) < changed(lockfile);

/** Installs pnpm and all packages unless they are there already. A second process waits for the first. */
export async function bootstrap() {
  requireNode();
  if (!pnpmIsMissing() && !modulesAreOld()) return;
  await withLock(async () => {
    if (pnpmIsMissing()) {
      const given = ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', toolsFolder, `pnpm@${pnpmVersion}`];
      await step(`installing pnpm ${pnpmVersion} into .tools`, 'npm', given);
      writeFileSync(pnpmMark, '');
    }
    if (modulesAreOld()) await installPackages('installing packages (about a minute the first time)');
  });
}

/** Brings node_modules to what the lockfile says, changing nothing else. */
export async function installPackages(label) {
  await step(label, 'pnpm', ['install', '--frozen-lockfile', '--prefer-offline']);
  const now = new Date();
  // pnpm leaves the file alone when nothing was to do.
  utimesSync(modulesState, now, now);
}

async function step(label, command, given) {
  process.stderr.write(`tesserae: ${label} …\n`);
  const { code, output } = await capture(command, given);
  if (code === 0) return;
  process.stderr.write(output);
  throw new FailedError(`tesserae: "${command} ${given.join(' ')}" failed with exit code ${code} (output above)`, code);
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new FailedError(`Tesserae needs Node 20.19 or newer; this is ${process.version} (${process.execPath})`);
}

async function withLock(work) {
  mkdirSync(toolsFolder, { recursive: true });
  let told = false;
  while (!takeLock()) {
    if (!told) process.stderr.write('tesserae: waiting for another process that installs packages …\n');
    told = true;
    await sleep(250);
    if (interrupted()) throw new FailedError('tesserae: interrupted', 130);
  }
  try {
    await work();
  } finally {
    rmSync(lockFolder, { recursive: true, force: true });
  }
}

function takeLock() {
  const owner = join(lockFolder, 'pid');
  try {
    mkdirSync(lockFolder);
    writeFileSync(owner, String(process.pid));
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  if (isAbandoned(owner)) rmSync(lockFolder, { recursive: true, force: true });
  return false;
}

/** Its process is gone, or it never wrote its number in five seconds. */
function isAbandoned(owner) {
  try {
    process.kill(Number(readFileSync(owner, 'utf8')), 0);
    return false;
  } catch (error) {
    if (error.code === 'EPERM') return false;
    if (error.code === 'ESRCH') return true;
    return Date.now() - changed(lockFolder) > 5000 && existsSync(lockFolder);
  }
}
