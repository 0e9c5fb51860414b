import { runProcess } from '@tesserae/cli/shared';
import { run } from './run';

await runProcess(run);
