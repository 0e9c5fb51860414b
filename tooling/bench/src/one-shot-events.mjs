import { readFileSync } from 'node:fs';

/** @param {Record<string, unknown>} facts */
const say = (facts) => process.stdout.write(`${JSON.stringify(facts)}\n`);

/**
 * Does something once, says when it was done and what memory the process took until then, and repeats it: what
 * `one-shot.ts` reads.
 *
 * @param {() => Promise<unknown>} once
 * @param {number} repeats
 */
export async function tellOneShot(once, repeats) {
  const ready = performance.now();
  await once();
  say({ event: 'first', openMilliseconds: ready, milliseconds: performance.now() });
  if (process.platform === 'linux') {
    const status = readFileSync('/proc/self/status', 'utf8');
    const bytes = (/** @type {string} */ name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) * 1024;
    say({ event: 'memory', VmHWM: bytes('VmHWM'), RssAnon: bytes('RssAnon'), RssFile: bytes('RssFile') });
  }
  for (let index = 0; index < repeats; index += 1) {
    const start = performance.now();
    await once();
    say({ event: 'again', milliseconds: performance.now() - start });
  }
}
