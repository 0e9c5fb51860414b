import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/**
 * Milliseconds of processor time that `run` takes in all threads of this process, so that other programs do not count.
 * What lay about before is collected first, or whoever comes next would pay for it.
 */
export async function processorTime(run: () => void | Promise<void>): Promise<number> {
  collectGarbage();
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
