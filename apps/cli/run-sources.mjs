import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

/**
 * Runs a command of the repository from its sources, and ends as it does.
 *
 * @param {URL} main - The TypeScript file to run.
 */
export function runSources(main) {
  const loader = import.meta.resolve('tsx');
  const given = ['--conditions=@tesserae/source', '--import', loader, fileURLToPath(main), ...process.argv.slice(2)];
  const child = spawn(process.execPath, given, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // A terminal sends Ctrl-C to both processes itself.
    process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal)));
  }
  child.once('close', (code, signal) => {
    process.exitCode = signal === null ? code : 128 + constants.signals[signal];
  });
}
