import { asOne } from '../gates.mjs';
import { capture } from '../processes.mjs';

export const checkBuild = async () => asOne(await capture('turbo', ['run', 'build', '--output-logs=errors-only']));
