#!/usr/bin/env node
// Runs the command from its sources: this app is not published, so that nothing is built for it but the page.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('./src/main.ts', import.meta.url));
const loader = import.meta.resolve('tsx');
const given = ['--conditions=@tesserae/source', '--import', loader, main, ...process.argv.slice(2)];
const child = spawn(process.execPath, given, { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  // A terminal sends Ctrl-C to both processes itself.
  process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal)));
}
child.once('close', (code, signal) => {
  process.exitCode = signal === null ? code : 128 + constants.signals[signal];
});
