import { run } from './run';

const controller = new AbortController();
const interrupt = () => controller.abort(new Error('interrupted'));
process.once('SIGINT', interrupt);

// A closed pipe (`| head`) ends the command quietly.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exitCode = 0;
});

const code = await run(process.argv.slice(2), controller.signal);
process.off('SIGINT', interrupt);
if (controller.signal.aborted) process.kill(process.pid, 'SIGINT');
process.exitCode = code;
