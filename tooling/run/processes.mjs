import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { root, taskEnvironment } from './paths.mjs';

/** A step that cannot go on; the message is all that the user needs to see. */
export class FailedError extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'];
let received;
const running = new Set();

for (const signal of forwarded) {
  process.on(signal, () => {
    received = signal;
    // A terminal sends Ctrl-C to the whole group itself.
    if (signal === 'SIGINT' && process.stdin.isTTY) return;
    for (const child of running) child.kill(signal);
  });
}

/** Ends this process by the signal that came while something ran, so that a shell sees it. */
export function takeSignal() {
  if (received === undefined) return;
  for (const signal of forwarded) process.removeAllListeners(signal);
  process.kill(process.pid, received);
}

export const interrupted = () => received !== undefined;

const isWindows = process.platform === 'win32';

function start(command, given, { cwd = root, environment = taskEnvironment(), stdio }) {
  const child = spawn(command, given, {
    cwd,
    env: environment,
    stdio,
    shell: isWindows && command !== process.execPath,
  });
  running.add(child);
  child.once('close', () => running.delete(child));
  return child;
}

function finished(child, command) {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new FailedError(`${command} cannot be started: ${error.message}`)));
    child.once('close', (code, signal) => resolve(signal === null ? code : 128 + constants.signals[signal]));
  });
}

/** Runs a command whose output goes straight to the user; resolves to its exit code. */
export async function show(command, given, options = {}) {
  return finished(start(command, given, { ...options, stdio: 'inherit' }), command);
}

/** Runs a command and keeps what it prints. `onLine` sees every whole line of standard output at once. */
export async function capture(command, given, { onLine, ...options } = {}) {
  const child = start(command, given, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const state = { stdout: '', stderr: '', all: '' };
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    state.stdout += text;
    state.all += text;
    if (onLine === undefined) return;
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    for (const line of lines) onLine(line);
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    state.stderr += text;
    state.all += text;
  });
  const code = await finished(child, command);
  return { code, stdout: state.stdout, stderr: state.stderr, output: state.all };
}

/** Runs functions, at most `limit` at a time; results in order. */
export async function inParallel(limit, items, each) {
  const results = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length && !interrupted()) {
      const index = next++;
      results[index] = await each(items[index], index);
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}
