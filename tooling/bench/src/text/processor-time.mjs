import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
/** @type {() => void} */
const collectGarbage = runInNewContext('gc');

/**
 * Milliseconds of processor time that `run` takes in all threads of this process, so that other programs do not count.
 * What lay about before is collected first, or whoever comes next would pay for it.
 *
 * @param {() => unknown} run
 */
export async function processorTime(run) {
  collectGarbage();
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
