import { appendFileSync } from 'node:fs';
import { createRequire, register } from 'node:module';
import { isMainThread } from 'node:worker_threads';

// node --import module-log.mjs: the URL of every module that the process loads goes into the file of MODULE_LOG.
const path = String(process.env['MODULE_LOG']);

/** @type {import('node:module').LoadHook} */
export async function load(url, context, next) {
  appendFileSync(path, `${url}\n`);
  return next(url, context);
}

if (isMainThread) {
  register(import.meta.url);
  // What CommonJS requires passes no hook.
  const { cache } = createRequire(import.meta.url);
  process.on('exit', () => appendFileSync(path, Object.keys(cache).join('\n')));
}
