import { run } from './run';
import { runProcess } from './run-process';

await runProcess(run);
