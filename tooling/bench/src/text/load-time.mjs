/**
 * A process as a user's: loads one contestant, encodes a word and says how long both took together. Plain JavaScript, so
 * that nothing but the contestant is loaded.
 */
import { openPeer } from './peers.mjs';

const { name, places, encoding } = JSON.parse(process.argv[2] ?? '{}');
const start = performance.now();
const cpu = process.cpuUsage();
const { encode } = await openPeer(name, places, encoding);
const ids = await encode('Hello');
const { user, system } = process.cpuUsage(cpu);
process.stdout.write(
  JSON.stringify({
    milliseconds: performance.now() - start,
    cpuMilliseconds: (user + system) / 1000,
    ids: Array.from(ids),
  }),
);
