#!/usr/bin/env node
// Every script of the root package: prepares the checkout with nothing but Node and npm, then runs one task.
import { bootstrap } from './run/bootstrap.mjs';
import { FailedError, takeSignal } from './run/processes.mjs';
import { tasks, usage } from './run/tasks.mjs';

const [name, ...rest] = process.argv.slice(2);
const task = name === undefined ? undefined : tasks[name];

if (name === '--help' || name === 'help') {
  process.stdout.write(usage());
} else if (task === undefined) {
  process.stderr.write(`${name === undefined ? 'No task given' : `There is no task "${name}"`}.\n\n${usage()}`);
  process.exitCode = 2;
} else {
  try {
    await bootstrap();
    process.exitCode = await task.run(rest[0] === '--' ? rest.slice(1) : rest);
    takeSignal();
  } catch (error) {
    if (!(error instanceof FailedError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.exitCode;
    takeSignal();
  }
}
