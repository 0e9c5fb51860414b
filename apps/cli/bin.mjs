#!/usr/bin/env node
// Runs the built command, or in a checkout that was never built the sources.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const built = new URL('./dist/main.js', import.meta.url);

if (existsSync(built)) {
  await import(built.href);
} else {
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
}
